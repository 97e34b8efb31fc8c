package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.apply.Manager;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.auth.Caller;
import dev.berth.controller.auth.Escalation;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Deleted;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.resource.Written;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Create, update, patch and delete.
public final class Writing {
  private final Resources resources;
  private final Authorizer authorizer;
  private final Escalation escalation;
  private final Actions actions;

  public Writing(Resources resources, Authorizer authorizer, Actions actions) {
    this.resources = resources;
    this.authorizer = authorizer;
    this.escalation = new Escalation(authorizer);
    this.actions = actions;
  }

  void create(HttpExchange exchange, ApiPath path) throws IOException {
    if (actions.wants(path)) {
      actions.create(exchange, path);
      return;
    }
    Bodies.Sent sent = Bodies.sent(exchange);
    ObjectNode object = sent.object();
    if (path.type().namespaced() && path.namespace().isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest(
              "an empty namespace may not be set during creation: post to "
                  + path.type().collectionPath("NAMESPACE")));
    }
    requireName(exchange, path, object);
    Written written =
        resources.create(
            path.type(),
            path.namespace(),
            object,
            options(exchange, path).withDuplicates(sent.duplicates()));
    answer(exchange, 201, written);
  }

  /// Some may create only what has their own name, and that stands in the body. The star keeps a
  /// generated name from being anybody's own.
  private void requireName(HttpExchange exchange, ApiPath path, ObjectNode object) {
    String given = Json.name(object);
    String name = given.isEmpty() ? Json.text(object, "metadata", "generateName") + "*" : given;
    authorizer.require(
        exchange.identity(),
        new Attributes.OnResource(
            "create", path.type(), path.namespace(), name, "", FieldSelector.EVERYTHING));
  }

  void update(HttpExchange exchange, ApiPath path) throws IOException {
    Bodies.Sent sent = Bodies.sent(exchange);
    ObjectNode object = sent.object();
    if (path.subresource().equals("scale")) {
      scale(exchange, path, _ -> object);
      return;
    }
    Written written =
        resources.update(
            path.type(),
            path.key(),
            object,
            subresource(exchange, path),
            options(exchange, path).withDuplicates(sent.duplicates()));
    answer(exchange, 200, written);
  }

  void patch(HttpExchange exchange, ApiPath path) throws IOException {
    if (Bodies.contentType(exchange).equals(Patches.APPLY)) {
      apply(exchange, path);
      return;
    }
    if (exchange.query("force").isPresent()) {
      throw FieldManagers.invalid(
          "force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch");
    }
    UnaryOperator<ObjectNode> patch =
        Patches.parse(exchange, resources.kinds().schema(path.type()));
    if (path.subresource().equals("scale")) {
      scale(exchange, path, patch);
      return;
    }
    Written written =
        resources.patch(
            path.type(), path.key(), subresource(exchange, path), options(exchange, path), patch);
    answer(exchange, 200, written);
  }

  /// A manager that may not create what is not there may still apply to what is.
  private void apply(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode config = Bodies.applied(exchange);
    boolean force = ListQueries.flag(exchange, "force");
    WriteOptions options = options(exchange, FieldManagers.applying(exchange, path));
    boolean exists = resources.find(path.type(), path.key()).isPresent();
    if (!exists && path.subresource().isEmpty()) {
      Json.meta(config).put("name", requireSameName(path, config));
      requireName(exchange, path, config);
    }
    Written written =
        resources.apply(
            path.type(), path.key(), config, subresource(exchange, path), options, force);
    answer(exchange, exists ? 200 : 201, written);
  }

  private static String requireSameName(ApiPath path, ObjectNode config) {
    String given = Json.name(config);
    if (!given.isEmpty() && !given.equals(path.name())) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the name of the object ("
                  + given
                  + ") does not match the name on the URL ("
                  + path.name()
                  + ")"));
    }
    return path.name();
  }

  private void scale(HttpExchange exchange, ApiPath path, UnaryOperator<ObjectNode> change)
      throws IOException {
    Scale scale = Reading.scale(resources, path.type());
    Written written =
        resources.patch(
            path.type(),
            path.key(),
            Subresource.NONE,
            options(exchange, path),
            workload -> scale.apply(change.apply(scale.view(workload)), workload));
    answer(exchange, 200, Json.bytes(scale.view(written.object())), written.warnings());
  }

  /// Whoever decides must also have the verb `approve` on the request's signer, or on all of its
  /// domain (Kubernetes: Certificate Signing Requests, Authorization).
  private void requireSigner(HttpExchange exchange, ApiPath path) {
    String signer = Json.text(resources.get(path.type(), path.key()).tree(), "spec", "signerName");
    String domain = signer.substring(0, Math.max(0, signer.indexOf('/'))) + "/*";
    if (!authorizer.allows(exchange.identity(), approve(domain))) {
      authorizer.require(exchange.identity(), approve(signer));
    }
  }

  private static Attributes approve(String signer) {
    return new Attributes.OnResource(
        "approve", "certificates.k8s.io", "signers", "", signer, "", FieldSelector.EVERYTHING);
  }

  private Subresource subresource(HttpExchange exchange, ApiPath path) {
    return switch (path.subresource()) {
      case "" -> Subresource.NONE;
      case "status" -> Subresource.STATUS;
      case "finalize" -> Subresource.FINALIZE;
      case "approval" -> {
        requireSigner(exchange, path);
        yield Subresource.APPROVAL;
      }
      default -> throw ApiSurface.notAllowed(exchange);
    };
  }

  void delete(HttpExchange exchange, ApiPath path) throws IOException {
    if (!path.subresource().isEmpty()) {
      throw ApiSurface.notAllowed(exchange);
    }
    Deleted deleted = resources.delete(path.type(), path.key(), deleteOptions(exchange));
    boolean gone = deleted.gone() && !path.type().equals(Kinds.POD);
    ObjectNode body = gone ? success(path, Json.uid(deleted.object())) : deleted.object();
    exchange.respond(200, Reading.JSON, Json.bytes(body));
  }

  void deleteCollection(HttpExchange exchange, ApiPath path) throws IOException {
    ListQuery query = ListQueries.parse(exchange, path);
    DeleteOptions options = deleteOptions(exchange);
    List<ObjectNode> gone = new ArrayList<>();
    for (Item item : resources.list(path.type(), query).items()) {
      try {
        gone.add(resources.delete(path.type(), item.key(), options).object());
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
    }
    ObjectNode list = Json.object();
    list.put("kind", path.type().kind() + "List").put("apiVersion", path.type().gvk().apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(resources.revision()));
    gone.forEach(list.putArray("items")::add);
    exchange.respond(200, Reading.JSON, Json.bytes(list));
  }

  static ObjectNode success(ApiPath path, String uid) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", path.name());
    ResourceType type = path.type();
    if (!type.gvk().group().isEmpty()) {
      details.put("group", type.gvk().group());
    }
    details.put("kind", type.plural());
    if (!uid.isEmpty()) {
      details.put("uid", uid);
    }
    return status.put("code", 200);
  }

  private WriteOptions options(HttpExchange exchange, ApiPath path) {
    return options(exchange, FieldManagers.updating(exchange, path));
  }

  private WriteOptions options(HttpExchange exchange, Manager manager) {
    return new WriteOptions(
        dryRun(exchange.queryAll("dryRun")),
        FieldValidation.parse(exchange.query("fieldValidation").orElse("")),
        List.of(),
        Optional.of(manager),
        new Caller(exchange.identity(), escalation));
  }

  private static boolean dryRun(List<String> values) {
    for (String value : values) {
      if (!value.equals("All")) {
        throw new ApiException(
            new ApiError.BadRequest(
                "invalid dryRun \"" + value + "\": the only supported value is All"));
      }
    }
    return !values.isEmpty();
  }

  private static DeleteOptions deleteOptions(HttpExchange exchange) throws IOException {
    return deleteOptions(exchange, Bodies.optionalObject(exchange));
  }

  static DeleteOptions deleteOptions(HttpExchange exchange, JsonNode body) {
    List<String> dryRun = new ArrayList<>(exchange.queryAll("dryRun"));
    body.path("dryRun").forEach(value -> dryRun.add(value.asString("")));
    return new DeleteOptions(
        grace(exchange, body),
        Json.text(body, "preconditions", "uid"),
        Json.text(body, "preconditions", "resourceVersion"),
        propagation(exchange, body),
        dryRun(dryRun));
  }

  private static OptionalLong grace(HttpExchange exchange, JsonNode body) {
    JsonNode given = body.path("gracePeriodSeconds");
    if (given.isIntegralNumber()) {
      return OptionalLong.of(given.asLong());
    }
    return exchange.query("gracePeriodSeconds").isPresent()
        ? OptionalLong.of(ListQueries.number(exchange, "gracePeriodSeconds"))
        : OptionalLong.empty();
  }

  private static DeleteOptions.Propagation propagation(HttpExchange exchange, JsonNode body) {
    String policy =
        Json.optional(body, "propagationPolicy")
            .or(() -> exchange.query("propagationPolicy"))
            .orElse("");
    return switch (policy) {
      case "", "Background" ->
          body.path("orphanDependents").asBoolean(false)
              ? DeleteOptions.Propagation.ORPHAN
              : DeleteOptions.Propagation.BACKGROUND;
      case "Foreground" -> DeleteOptions.Propagation.FOREGROUND;
      case "Orphan" -> DeleteOptions.Propagation.ORPHAN;
      default ->
          throw new ApiException(
              new ApiError.BadRequest(
                  "invalid propagationPolicy \""
                      + policy
                      + "\": use Background, Foreground or Orphan"));
    };
  }

  /// With the stored bytes: what was written is not written out once more.
  private static void answer(HttpExchange exchange, int status, Written written)
      throws IOException {
    answer(exchange, status, written.item().bytes(), written.warnings());
  }

  private static void answer(
      HttpExchange exchange, int status, byte[] object, List<String> warnings) throws IOException {
    Map<String, String> headers = new HashMap<>(Reading.JSON);
    if (!warnings.isEmpty()) {
      headers.put(
          "Warning", warnings.stream().map(Writing::warning).collect(Collectors.joining(", ")));
    }
    exchange.respond(status, headers, object);
  }

  private static String warning(String text) {
    String printable =
        text.replaceAll("[\\p{Cntrl}]", " ").replace("\\", "\\\\").replace("\"", "\\\"");
    return "299 - \"" + printable + "\"";
  }
}
