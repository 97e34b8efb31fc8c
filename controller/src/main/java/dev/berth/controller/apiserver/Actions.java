package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.auth.Reviews;
import dev.berth.controller.auth.ServiceAccountTokens;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.Resources;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is posted but is no object to be stored: bindings, token requests and reviews.
public final class Actions {
  private final Resources resources;
  private final Reviews reviews;
  private final ServiceAccountTokens tokens;

  public Actions(Resources resources, Reviews reviews, ServiceAccountTokens tokens) {
    this.resources = resources;
    this.reviews = reviews;
    this.tokens = tokens;
  }

  static boolean isReview(ApiPath path) {
    return !path.type().stored() && !Measuring.wants(path);
  }

  boolean wants(ApiPath path) {
    return isReview(path) || !path.subresource().isEmpty();
  }

  void create(HttpExchange exchange, ApiPath path) throws IOException {
    if (isReview(path)) {
      review(exchange, path);
      return;
    }
    switch (path.subresource()) {
      case "binding" -> bind(exchange, path);
      case "token" -> token(exchange, path);
      case "eviction" -> evict(exchange, path);
      default -> throw ApiSurface.notAllowed(exchange);
    }
  }

  private void review(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode review = Bodies.object(exchange);
    String kind = path.type().kind();
    String given = Json.text(review, "kind");
    if (!given.isEmpty() && !given.equals(kind)) {
      throw new ApiException(
          new ApiError.BadRequest("the object is a " + given + ", but the path wants a " + kind));
    }
    review.put("apiVersion", path.type().gvk().apiVersion());
    reviews.answer(exchange.identity(), kind, path.namespace(), review);
    exchange.respond(201, Reading.JSON, Json.bytes(review));
  }

  private void bind(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode binding = Bodies.object(exchange);
    resources.bind(path.key(), Json.uid(binding), Json.text(binding, "target", "name"));
    exchange.respond(201, Reading.JSON, Json.bytes(Writing.success(path, "")));
  }

  /// A pod that has ended, or that nobody runs yet, disrupts nothing.
  private void evict(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode eviction = Bodies.object(exchange);
    ObjectNode pod = resources.get(path.type(), path.key()).tree();
    boolean runs = Json.text(pod, "status", "phase").equals("Running");
    if (runs && !Json.isDeleting(pod)) {
      Evictions.require(resources, pod);
    }
    JsonNode wanted = eviction.path("deleteOptions");
    resources.delete(path.type(), path.key(), Writing.deleteOptions(exchange, wanted));
    exchange.respond(201, Reading.JSON, Json.bytes(Writing.success(path, "").put("code", 201)));
  }

  private void token(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode request = Bodies.object(exchange);
    exchange.identity().node().ifPresent(node -> requireOwnPod(node, path, request));
    ObjectNode answer = tokens.issue(path.key(), request);
    exchange.respond(201, Reading.JSON, Json.bytes(answer));
  }

  /// A node asks for tokens of its pods only, and each dies with its pod.
  private void requireOwnPod(String node, ApiPath path, ObjectNode request) {
    JsonNode bound = Json.at(request, "spec", "boundObjectRef");
    boolean own =
        Json.text(bound, "kind").equals("Pod")
            && resources
                .find(Kinds.POD, new ObjectKey(path.namespace(), Json.text(bound, "name")))
                .map(Item::tree)
                .filter(pod -> Json.uid(pod).equals(Json.text(bound, "uid")))
                .filter(pod -> Json.text(pod, "spec", "nodeName").equals(node))
                .filter(pod -> accountOf(pod).equals(path.name()))
                .isPresent();
    if (!own) {
      throw new ApiException(
          new ApiError.Forbidden(
              "serviceaccounts \""
                  + path.name()
                  + "\" is forbidden: node \""
                  + node
                  + "\" may only ask for tokens that are bound to a pod of its own"));
    }
  }

  private static String accountOf(ObjectNode pod) {
    String name = Json.text(pod, "spec", "serviceAccountName");
    return name.isEmpty() ? "default" : name;
  }
}
