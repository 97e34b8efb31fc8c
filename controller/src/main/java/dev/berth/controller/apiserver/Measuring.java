package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Column;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.usage.Window;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Get and list of `metrics.k8s.io/v1beta1`: the nodes and pods of the store, with what they use.
/// As metrics-server does it, what has no figures yet is absent from lists and not found.
public final class Measuring {
  private final Resources resources;
  private final NodeUsage usage;
  private final InstantSource clock;

  public Measuring(Resources resources, NodeTunnels tunnels, InstantSource clock) {
    this.resources = resources;
    this.usage = new NodeUsage(tunnels, clock);
    this.clock = clock;
  }

  static boolean wants(ApiPath path) {
    return Kinds.measured().contains(path.type());
  }

  void handle(HttpExchange exchange, ApiPath path, String verb) throws IOException {
    switch (verb) {
      case "get" -> get(exchange, path);
      case "list" -> list(exchange, path);
      default -> throw ApiSurface.notAllowed(exchange);
    }
  }

  private void get(HttpExchange exchange, ApiPath path) throws IOException {
    ResourceType type = path.type();
    ObjectNode found =
        resources
            .find(measured(type), path.key())
            .flatMap(item -> metrics(type, item, usage.windows()))
            .orElseThrow(() -> new ApiException(ApiError.notFound(type, path.name())));
    answer(exchange, type, List.of(found), found);
  }

  private void list(HttpExchange exchange, ApiPath path) throws IOException {
    ResourceType type = path.type();
    ListQuery asked = ListQueries.parse(exchange, path);
    ListQuery query =
        new ListQuery(asked.namespace(), asked.labels(), asked.fields(), 0, "", "", "");
    Map<String, Window> windows = usage.windows();
    List<ObjectNode> found =
        resources.list(measured(type), query).items().stream()
            .flatMap(item -> metrics(type, item, windows).stream())
            .toList();
    ObjectNode list = Json.object().put("kind", type.kind() + "List");
    list.put("apiVersion", type.gvk().apiVersion()).putObject("metadata");
    found.forEach(list.putArray("items")::add);
    answer(exchange, type, found, list);
  }

  private static ResourceType measured(ResourceType type) {
    return type.equals(Kinds.POD_METRICS) ? Kinds.POD : Kinds.NODE;
  }

  private Optional<ObjectNode> metrics(ResourceType type, Item item, Map<String, Window> windows) {
    ObjectNode of = item.tree();
    boolean pod = type.equals(Kinds.POD_METRICS);
    String node = pod ? Json.text(of, "spec", "nodeName") : Json.name(of);
    return Optional.ofNullable(windows.get(node))
        .flatMap(window -> pod ? window.pod(Json.uid(of)) : window.node())
        .map(fields -> named(type, of, fields));
  }

  private static ObjectNode named(ResourceType type, ObjectNode of, ObjectNode fields) {
    ObjectNode metrics = Json.object().put("kind", type.kind());
    ObjectNode meta = metrics.put("apiVersion", type.gvk().apiVersion()).putObject("metadata");
    meta.put("name", Json.name(of));
    if (type.namespaced()) {
      meta.put("namespace", Json.namespace(of));
    }
    meta.put("creationTimestamp", Json.text(fields, "timestamp"));
    JsonNode labels = of.path("metadata").path("labels");
    if (!labels.isEmpty()) {
      meta.set("labels", labels);
    }
    metrics.setAll(fields);
    return metrics;
  }

  private void answer(
      HttpExchange exchange, ResourceType type, List<ObjectNode> objects, ObjectNode whole)
      throws IOException {
    ObjectNode body =
        switch (Negotiation.of(exchange.header("Accept").orElse(""))) {
          case OBJECT -> whole;
          case METADATA ->
              whole.has("items") ? metadataList(objects) : Tables.metadata(objects.getFirst());
          case TABLE -> table(exchange, type, objects);
        };
    Compression.respond(exchange, Reading.JSON, Json.bytes(body));
  }

  private ObjectNode table(HttpExchange exchange, ResourceType type, List<ObjectNode> objects) {
    List<Column> columns = resources.kinds().schema(type).columns();
    Tables.Include include = Tables.Include.parse(exchange.query("includeObject").orElse(""));
    return Tables.table(columns, objects, Json.object(), include, clock.instant());
  }

  private static ObjectNode metadataList(List<ObjectNode> objects) {
    ObjectNode list = Json.object().put("kind", "PartialObjectMetadataList");
    list.put("apiVersion", "meta.k8s.io/v1").putObject("metadata");
    var items = list.putArray("items");
    objects.forEach(object -> items.add(Tables.metadata(object)));
    return list;
  }
}
