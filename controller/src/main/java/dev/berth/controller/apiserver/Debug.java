package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every stage's view of one object: the store, the caches and queues of the control plane, and the
/// workers of the agents that run its pods.
public final class Debug {
  static final String SUBRESOURCE = "debug";
  private static final long PATIENCE_SECONDS = 3;
  private static final int LARGEST_ANSWER = 1 << 20;

  private final Resources resources;
  private final NodeTunnels tunnels;
  private final Stages stages;

  /// What the control plane knows of an object, without store and agents.
  @FunctionalInterface
  public interface Stages {
    ObjectNode of(ResourceType type, ObjectKey key);
  }

  public Debug(Resources resources, NodeTunnels tunnels, Stages stages) {
    this.resources = resources;
    this.tunnels = tunnels;
    this.stages = stages;
  }

  void handle(HttpExchange exchange, ApiPath path) throws IOException {
    if (!exchange.method().equals("GET")) {
      throw ApiSurface.notAllowed(exchange);
    }
    Item object = resources.get(path.type(), path.key());
    ObjectNode answer = Json.object();
    answer
        .putObject("store")
        .put("revision", resources.revision())
        .put("objectRevision", object.revision());
    ObjectNode known = stages.of(path.type(), path.key());
    known.properties().forEach(field -> answer.set(field.getKey(), field.getValue()));
    var pods = answer.putArray("pods");
    for (ObjectNode pod : podsOf(path, object.tree())) {
      pod(pods.addObject(), pod);
    }
    exchange.respond(200, Reading.JSON, Json.bytes(answer));
  }

  private List<ObjectNode> podsOf(ApiPath path, ObjectNode object) {
    if (path.type().equals(Kinds.POD)) {
      return List.of(object);
    }
    if (!path.type().equals(Kinds.MODEL_APP)) {
      return List.of();
    }
    ListQuery labelled =
        new ListQuery(
            path.namespace(),
            LabelSelector.of(Map.of("berth.dev/modelapp", path.name())),
            ListQuery.all(null).fields(),
            0,
            "",
            "",
            "");
    return resources.list(Kinds.POD, labelled).items().stream().map(Item::tree).toList();
  }

  private void pod(ObjectNode answer, ObjectNode pod) {
    String node = Json.text(pod, "spec", "nodeName");
    Optional<Tunnel> tunnel = tunnels.of(node);
    answer.put("name", Json.name(pod)).put("node", node);
    answer.put("tunnel", tunnel.isPresent() ? "connected" : "lost");
    tunnel.ifPresent(t -> answer.set("worker", worker(t, pod)));
  }

  private static JsonNode worker(Tunnel tunnel, ObjectNode pod) {
    String target = "/pods/" + Json.namespace(pod) + "/" + Json.name(pod) + "/debug";
    try (TunnelStream stream = tunnel.open("GET", target, Map.of())) {
      stream.end();
      int status = stream.head(PATIENCE_SECONDS).status();
      byte[] body = stream.body().readNBytes(LARGEST_ANSWER);
      return status == 200
          ? Json.parse(body)
          : Json.object().put("error", "the agent answered with " + status);
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return Json.object().put("error", "the agent did not answer: " + e.getMessage());
    }
  }
}
