package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Listing;
import dev.berth.controller.resource.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Requests that an agent answers: logs of pods and builds, calls of an endpoint and (`GET`) what
/// it takes. They ride the tunnel of the node where the object lives.
public final class Relays {
  private static final long PATIENCE_SECONDS = 120;
  private static final long METRICS_MILLIS = 5_000;
  private static final int LONGEST_REFUSAL = 4 << 10;
  private static final int LARGEST_METRICS = 8 << 20;

  /// What is of one connection only, and what would speak for this server: a model's cookie could
  /// log the viewer in as somebody else.
  private static final Set<String> NOT_PASSED =
      Set.of(
          "connection",
          "transfer-encoding",
          "keep-alive",
          "upgrade",
          "content-length",
          "set-cookie",
          "set-cookie2",
          "clear-site-data",
          "strict-transport-security",
          "www-authenticate");

  private final Resources resources;
  private final NodeTunnels tunnels;

  public Relays(Resources resources, NodeTunnels tunnels) {
    this.resources = resources;
    this.tunnels = tunnels;
  }

  boolean wants(ApiPath path) {
    return path.subresource().equals("log") || path.subresource().equals("call");
  }

  void handle(HttpExchange exchange, ApiPath path) throws IOException {
    boolean call = path.subresource().equals("call");
    requireMethod(exchange, call ? Set.of("GET", "POST") : Set.of("GET"));
    ObjectNode object = resources.get(path.type(), path.key()).tree();
    String node = call ? nodeOfModel(path.key()) : nodeOf(path, object);
    Tunnel tunnel = tunnels.require(node);
    relay(exchange, tunnel, target(exchange, path), call);
  }

  private static void requireMethod(HttpExchange exchange, Set<String> wanted) {
    if (!wanted.contains(exchange.method())) {
      throw ApiSurface.notAllowed(exchange);
    }
  }

  private static String target(HttpExchange exchange, ApiPath path) {
    String kind =
        path.type().equals(Kinds.POD)
            ? "pods"
            : path.type().equals(Kinds.MODEL_APP) ? "endpoints" : "builds";
    String query = exchange.queryString().isEmpty() ? "" : "?" + exchange.queryString();
    return "/"
        + kind
        + "/"
        + path.namespace()
        + "/"
        + path.name()
        + "/"
        + path.subresource()
        + query;
  }

  private static String nodeOf(ApiPath path, ObjectNode object) {
    String node = Json.text(object, "spec", "nodeName");
    if (node.isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest(
              path.type().singular()
                  + " "
                  + path.name()
                  + " is not on a node yet, so it has no log"));
    }
    return node;
  }

  /// A node with a ready replica; any connected one otherwise: its gateway says why nothing
  /// answers.
  private String nodeOfModel(ObjectKey modelApp) {
    ListQuery query =
        new ListQuery(
            modelApp.namespace(),
            LabelSelector.of(
                Map.of("berth.dev/modelapp", modelApp.name(), "berth.dev/component", "model")),
            ListQuery.all(null).fields(),
            0,
            "",
            "",
            "");
    Listing pods = resources.list(Kinds.POD, query);
    Optional<String> ready =
        pods.items().stream()
            .map(Item::tree)
            .filter(pod -> Conditions.isTrue(pod, "Ready"))
            .map(pod -> Json.text(pod, "spec", "nodeName"))
            .filter(node -> tunnels.of(node).isPresent())
            .findFirst();
    return ready
        .or(() -> tunnels.all().stream().map(Tunnel::node).findFirst())
        .orElseThrow(
            () -> unavailable("no agent is connected, so no endpoint can be called; start one"));
  }

  /// @param called whether a model answers, whose refusals are its own; those of an agent become a
  ///   Status
  private static void relay(HttpExchange exchange, Tunnel tunnel, String target, boolean called)
      throws IOException {
    try (TunnelStream stream = tunnel.open(exchange.method(), target, headers(exchange))) {
      exchange.onGone(() -> stream.cancel("the client has gone"));
      if (exchange.method().equals("POST")) {
        sendAll(stream, exchange.body(Bodies.LARGEST_BODY * 8));
      }
      stream.end();
      TunnelStream.Head head = head(stream);
      if (!called && head.status() == 400) {
        throw new ApiException(new ApiError.BadRequest(text(stream.body())));
      }
      // Ended only when all of it has come: an answer that was cut off must not look whole.
      OutputStream out = exchange.stream(head.status(), passed(head.headers()));
      copy(stream.body(), out);
      out.close();
    }
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8).strip();
  }

  private static void sendAll(TunnelStream stream, byte[] body) {
    try {
      stream.send(body, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (IOException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static TunnelStream.Head head(TunnelStream stream) {
    try {
      return stream.head(PATIENCE_SECONDS);
    } catch (IOException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    for (String name : new String[] {"Content-Type", "Accept"}) {
      exchange.header(name).ifPresent(value -> headers.put(name, value));
    }
    return headers;
  }

  static Map<String, String> passed(Map<String, String> headers) {
    Map<String, String> passed = new HashMap<>();
    headers.forEach(
        (name, value) -> {
          if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
            passed.put(name, value);
          }
        });
    return passed;
  }

  private static ApiException unavailable(String why) {
    return new ApiException(new ApiError.ServiceUnavailable(why));
  }

  /// The metrics of every connected agent, one behind the other; one that does not answer is left
  /// out.
  public String agentMetrics() {
    StringBuilder all = new StringBuilder();
    for (Tunnel tunnel : tunnels.all()) {
      try (TunnelStream stream = tunnel.open("GET", "/metrics", Map.of())) {
        stream.end();
        stream.endWithin(METRICS_MILLIS);
        if (stream.head(2).status() == 200) {
          byte[] figures = stream.body().readNBytes(LARGEST_METRICS);
          all.append(new String(figures, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        all.append("# node ").append(tunnel.node()).append(" did not answer\n");
      }
    }
    return all.toString();
  }
}
