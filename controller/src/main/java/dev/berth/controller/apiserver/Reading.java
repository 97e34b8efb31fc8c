package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Column;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Listing;
import dev.berth.controller.resource.Resources;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Get, list and watch.
public final class Reading {
  static final Map<String, String> JSON =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-cache, private");

  private static final Set<String> READ =
      Set.of("", "status", "scale", "ephemeralcontainers", "approval");

  private final Resources resources;
  private final WatchStreams watches;
  private final InstantSource clock;

  public Reading(Resources resources, WatchStreams watches, InstantSource clock) {
    this.resources = resources;
    this.watches = watches;
    this.clock = clock;
  }

  void get(HttpExchange exchange, ApiPath path) throws IOException {
    if (!READ.contains(path.subresource())) {
      throw ApiSurface.notAllowed(exchange);
    }
    Negotiation form = form(exchange);
    Item item = resources.get(path.type(), path.key());
    if (path.subresource().equals("scale")) {
      exchange.respond(200, JSON, Json.bytes(scale(resources, path.type()).view(item.tree())));
      return;
    }
    ObjectNode meta = Json.object().put("resourceVersion", Long.toString(item.revision()));
    byte[] body =
        switch (form) {
          case OBJECT -> item.bytes();
          case METADATA -> Json.bytes(Tables.metadata(item.tree()));
          case TABLE ->
              Json.bytes(
                  Tables.table(
                      columns(path),
                      List.of(item.tree()),
                      meta,
                      include(exchange),
                      clock.instant()));
        };
    exchange.respond(200, JSON, body);
  }

  private List<Column> columns(ApiPath path) {
    return resources.kinds().schema(path.type()).columns();
  }

  private static Negotiation form(HttpExchange exchange) {
    return Negotiation.of(exchange.header("Accept").orElse(""));
  }

  private static Tables.Include include(HttpExchange exchange) {
    return Tables.Include.parse(exchange.query("includeObject").orElse(""));
  }

  void list(HttpExchange exchange, ApiPath path) throws IOException {
    Negotiation form = form(exchange);
    ListQuery query = ListQueries.parse(exchange, path);
    requireMatchMakesSense(query);
    Listing listing = resources.list(path.type(), query);
    switch (form) {
      case OBJECT -> sendList(exchange, path.type(), listing);
      case METADATA -> Compression.respond(exchange, JSON, Json.bytes(metadataList(listing)));
      case TABLE -> {
        List<ObjectNode> trees = listing.items().stream().map(Item::tree).toList();
        Compression.respond(
            exchange,
            JSON,
            Json.bytes(
                Tables.table(
                    columns(path), trees, listMeta(listing), include(exchange), clock.instant())));
      }
    }
  }

  private static void requireMatchMakesSense(ListQuery query) {
    String match = query.resourceVersionMatch();
    boolean known = match.isEmpty() || match.equals("Exact") || match.equals("NotOlderThan");
    boolean continued = !query.continueToken().isEmpty();
    if (continued && (!match.isEmpty() || !isAny(query.resourceVersion()))) {
      throw new ApiException(
          new ApiError.BadRequest(
              "specifying resource version or resourceVersionMatch is not allowed when using"
                  + " continue: the token holds the revision"));
    }
    boolean needsRevision =
        (!match.isEmpty() && query.resourceVersion().isEmpty())
            || (match.equals("Exact") && query.resourceVersion().equals("0"));
    if (!known || needsRevision) {
      throw new ApiException(
          new ApiError.BadRequest(
              "resourceVersionMatch \""
                  + match
                  + "\" is forbidden: use Exact or NotOlderThan together with a resourceVersion"));
    }
  }

  private static boolean isAny(String revision) {
    return revision.isEmpty() || revision.equals("0");
  }

  private static ObjectNode listMeta(Listing listing) {
    ObjectNode meta = Json.object().put("resourceVersion", Long.toString(listing.revision()));
    if (!listing.continueToken().isEmpty()) {
      meta.put("continue", listing.continueToken());
    }
    listing.remaining().ifPresent(n -> meta.put("remainingItemCount", n));
    return meta;
  }

  /// The stored bytes, one behind the other: no list is ever built in memory.
  private static void sendList(HttpExchange exchange, ResourceType type, Listing listing)
      throws IOException {
    long size = listing.items().stream().mapToLong(item -> item.bytes().length).sum();
    try (OutputStream out = Compression.stream(exchange, JSON, size)) {
      out.write(
          Bodies.utf8(
              "{\"kind\":\""
                  + type.kind()
                  + "List\",\"apiVersion\":\""
                  + type.gvk().apiVersion()
                  + "\",\"metadata\":"
                  + listMeta(listing)
                  + ",\"items\":["));
      boolean first = true;
      for (Item item : listing.items()) {
        if (!first) {
          out.write(',');
        }
        first = false;
        out.write(item.bytes());
      }
      out.write(Bodies.utf8("]}\n"));
    }
  }

  private static ObjectNode metadataList(Listing listing) {
    ObjectNode list = Json.object();
    list.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
    list.set("metadata", listMeta(listing));
    ArrayNode items = list.putArray("items");
    listing.items().forEach(item -> items.add(Tables.metadata(item.tree())));
    return list;
  }

  void watch(HttpExchange exchange, ApiPath path) throws IOException {
    ListQuery query = ListQueries.parse(exchange, path);
    boolean initialEvents = ListQueries.flag(exchange, "sendInitialEvents");
    boolean bookmarks = ListQueries.flag(exchange, "allowWatchBookmarks");
    if (initialEvents && !query.resourceVersionMatch().equals("NotOlderThan")) {
      throw new ApiException(
          ApiError.Invalid.of(
              "ListOptions",
              "",
              List.of(
                  new ApiError.Cause(
                      "resourceVersionMatch",
                      "FieldValueForbidden",
                      "Forbidden: sendInitialEvents requires setting resourceVersionMatch to"
                          + " NotOlderThan"))));
    }
    watches.serve(
        exchange,
        path.type(),
        new WatchStreams.Request(
            query,
            bookmarks,
            initialEvents,
            ListQueries.number(exchange, "timeoutSeconds"),
            form(exchange),
            include(exchange)));
  }

  static Scale scale(Resources resources, ResourceType type) {
    return Scale.of(type, resources.kinds().scale(type));
  }
}
