package dev.berth.hardening.input;

import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the requests, each from the seed and from what the server holds just now.
final class Requests {
  private static final List<String> VERBS =
      List.of(
          "create",
          "create",
          "create",
          "update",
          "update",
          "merge",
          "strategic",
          "strategic",
          "json-patch",
          "apply",
          "apply",
          "delete",
          "delete-many",
          "get",
          "list",
          "watch",
          "status",
          "status",
          "subresource",
          "subresource");
  private static final List<String> ACCEPTS =
      List.of(
          "application/json",
          "application/json",
          "application/json",
          "*/*",
          "application/json;as=Table;v=v1;g=meta.k8s.io",
          "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
          "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
          "application/json;as=Nonsense;v=v1;g=meta.k8s.io",
          "application/vnd.kubernetes.protobuf, application/json",
          "application/yaml",
          ";;;=,,");
  private static final List<String> NO_BODIES =
      List.of("text/plain", ";", "a/b;=;=", "application/json;charset=utf-16");
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final Map<String, String> PATCHES =
      Map.of(
          "merge",
          MERGE,
          "strategic",
          STRATEGIC,
          "json-patch",
          "application/json-patch+json",
          "apply",
          "application/apply-patch+yaml");
  private static final List<String> OPERATIONS =
      List.of("add", "replace", "remove", "test", "move", "copy", "x");

  private final Random random;
  private final Damage damage;
  private final Samples samples;
  private final Bodies bodies;
  private final Api api;

  Requests(Random random, Samples samples, Api api) throws IOException {
    this.random = random;
    this.damage = new Damage(random);
    this.samples = samples;
    this.bodies = new Bodies(random, damage);
    this.api = api;
  }

  Sent next() throws IOException, InterruptedException {
    ResourceType type = damage.one(Samples.types());
    String verb = type.stored() ? damage.one(VERBS) : "create";
    ObjectNode sample = samples.of(type, "n" + random.nextInt(4));
    String path = type.objectPath(Samples.NAMESPACE, Json.name(sample));
    return switch (verb) {
      case "create" -> create(type, sample);
      case "update" -> update(type, path, live(type, sample, path));
      case "merge", "strategic", "json-patch", "apply" ->
          patch(verb, type, path, sample, live(type, sample, path));
      case "delete", "delete-many" -> delete(verb, type, path);
      case "status" ->
          type.subresources().contains("status")
              ? status(type, path, live(type, sample, path))
              : subresource(type, path, sample);
      case "subresource" -> subresource(type, path, sample);
      default -> read(verb, type, path);
    };
  }

  /// The object as it is stored; where there is none, the sample is created first.
  private ObjectNode live(ResourceType type, ObjectNode sample, String path)
      throws IOException, InterruptedException {
    ObjectNode found = api.get(path).orElse(null);
    if (found == null) {
      if (type.equals(Samples.WIDGET)) {
        api.post(Samples.DEFINITIONS, samples.definitionOfWidgets());
      }
      api.post(type.collectionPath(Samples.NAMESPACE), sample);
      found = api.get(path).orElse(sample);
    }
    return found;
  }

  private Sent create(ResourceType type, ObjectNode sample) {
    if (type.stored() && random.nextInt(6) == 0) {
      Json.meta(sample).put("generateName", "g-").remove("name");
    }
    damaged(sample);
    String path = type.collectionPath(random.nextInt(15) == 0 ? "n1" : Samples.NAMESPACE);
    String name = Json.name(sample);
    String made = name.matches("[a-z0-9.-]+") ? path + "/" + name : "";
    return written("create", type, "POST", path, Queries.WRITE, sample, made);
  }

  private Sent update(ResourceType type, String path, ObjectNode live) {
    if (random.nextInt(3) == 0) {
      Json.meta(live).remove("resourceVersion");
    }
    damaged(live);
    return written("update", type, "PUT", path, Queries.WRITE, live, path);
  }

  private void damaged(ObjectNode object) {
    if (random.nextInt(3) > 0) {
      damage.tree(object);
    }
  }

  private Sent patch(
      String verb, ResourceType type, String path, ObjectNode sample, ObjectNode live) {
    if (!verb.equals("apply") && random.nextBoolean()) {
      sample.remove(List.of("apiVersion", "kind"));
    }
    damaged(sample);
    if (verb.equals("strategic") && random.nextBoolean()) {
      damage.directive(sample);
    }
    JsonNode tree = verb.equals("json-patch") ? operations(live) : sample;
    String contentType =
        random.nextInt(20) == 0 ? damage.one(Bodies.TYPES) : PATCHES.getOrDefault(verb, "");
    boolean yaml = verb.equals("apply") && random.nextBoolean();
    byte[] body = bodies.maybeDamaged(yaml ? Bodies.yaml(tree) : Json.bytes(tree));
    List<String> queries = verb.equals("apply") ? Queries.APPLY : Queries.WRITE;
    return sent(verb, type, "PATCH", path, queries, contentType, body, path);
  }

  private ArrayNode operations(ObjectNode live) {
    List<String> pointers = new ArrayList<>();
    pointers(live, "", pointers);
    ArrayNode patch = Json.array();
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean right = random.nextInt(3) > 0;
      String at = damage.one(pointers);
      String path = right ? at : at + damage.one("/-", "/0", "/99", "/~", "/new", "/a~1b");
      JsonNode value = random.nextBoolean() ? live.at(at) : damage.evil();
      boolean many = Damage.isCount(path) && Damage.isMany(value);
      patch
          .addObject()
          .put("op", right ? damage.one("add", "replace", "test") : damage.one(OPERATIONS))
          .put("path", path)
          .put("from", damage.one(pointers))
          .set("value", many ? Json.object().numberNode(1) : Damage.copy(value));
    }
    return patch;
  }

  private static void pointers(JsonNode node, String at, List<String> found) {
    found.add(at);
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(e -> pointers(e.getValue(), at + "/" + e.getKey().replace("/", "~1"), found));
    } else {
      for (int i = 0; i < node.size(); i++) {
        pointers(node.path(i), at + "/" + i, found);
      }
    }
  }

  private Sent delete(String verb, ResourceType type, String path) {
    boolean many = verb.equals("delete-many");
    String target = many ? type.collectionPath(Samples.NAMESPACE) : path;
    List<String> queries = many && random.nextBoolean() ? Queries.LIST : Queries.DELETE;
    if (random.nextInt(3) == 0) {
      return sent(verb, type, "DELETE", target, queries, "", new byte[0], "");
    }
    ObjectNode options = samples.of("v1", "DeleteOptions");
    for (String name :
        List.of("gracePeriodSeconds", "propagationPolicy", "preconditions", "dryRun")) {
      if (random.nextInt(3) > 0) {
        options.remove(name);
      }
    }
    damaged(options);
    return written(verb, type, "DELETE", target, queries, options, "");
  }

  private Sent status(ResourceType type, String path, ObjectNode live) {
    ObjectNode status = Json.ensure(live, "status");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Tested")
        .put("status", "True")
        .put("reason", "Tested")
        .put("message", "")
        .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    damage.tree(random.nextBoolean() ? status : live);
    if (random.nextBoolean()) {
      return written("status", type, "PUT", path + "/status", Queries.WRITE, live, path);
    }
    ObjectNode patch = Json.object();
    patch.set("status", live.path("status"));
    String contentType = damage.one(MERGE, STRATEGIC);
    byte[] body = bodies.maybeDamaged(Json.bytes(patch));
    return sent("status", type, "PATCH", path + "/status", Queries.WRITE, contentType, body, path);
  }

  private Sent subresource(ResourceType type, String path, ObjectNode sample)
      throws IOException, InterruptedException {
    List<String> known = new ArrayList<>(type.subresources().stream().sorted().toList());
    if (known.isEmpty() || random.nextInt(10) == 0) {
      known = List.of("scale", "nothing", "eviction", "ephemeralcontainers", "proxy", "finalize");
    }
    ObjectNode live = live(type, sample, path);
    String name = damage.one(known);
    String target = path + "/" + name;
    return switch (name) {
      case "scale" -> sentTo(name, type, target, samples.of("autoscaling/v1", "Scale"), live, path);
      case "eviction" ->
          sentTo(name, type, target, samples.of("policy/v1", "Eviction"), live, path);
      case "binding" -> sentTo(name, type, target, samples.of("v1", "Binding"), live, path);
      case "token" ->
          sentTo(
              name,
              type,
              target,
              samples.of("authentication.k8s.io/v1", "TokenRequest"),
              live,
              path);
      case "approval", "finalize" -> {
        damage.tree(live);
        yield written(name, type, "PUT", target, Queries.WRITE, live, path);
      }
      case "log" -> sent(name, type, "GET", target, Queries.LOG, "", new byte[0], "");
      default ->
          sent(
              name,
              type,
              damage.one("GET", "POST", "PUT", "PATCH", "DELETE"),
              target,
              Queries.STREAM,
              "",
              new byte[0],
              "");
    };
  }

  private Sent sentTo(
      String name,
      ResourceType type,
      String target,
      ObjectNode body,
      ObjectNode live,
      String path) {
    Json.meta(body).put("name", Json.name(live)).put("namespace", Samples.NAMESPACE);
    if (random.nextBoolean()) {
      body.remove(List.of("deleteOptions"));
    }
    boolean scale = name.equals("scale");
    if (scale && random.nextInt(4) == 0) {
      return sent(name, type, "GET", target, Queries.STREAM, "", new byte[0], "");
    }
    damaged(body);
    if (scale && random.nextBoolean()) {
      byte[] patch = bodies.maybeDamaged(Json.bytes(body));
      String contentType = damage.one(List.copyOf(PATCHES.values().stream().sorted().toList()));
      return sent(name, type, "PATCH", target, Queries.APPLY, contentType, patch, path);
    }
    return written(name, type, scale ? "PUT" : "POST", target, Queries.WRITE, body, path);
  }

  private Sent read(String verb, ResourceType type, String path) {
    String collection = type.collectionPath(random.nextInt(4) == 0 ? "" : Samples.NAMESPACE);
    return switch (verb) {
      case "get" -> sent(verb, type, "GET", mangled(path), Queries.LIST, "", new byte[0], "");
      case "list" ->
          sent(verb, type, "GET", mangled(collection), Queries.LIST, "", new byte[0], "");
      default -> {
        String query = "watch=true&timeoutSeconds=1&" + damage.one(Queries.WATCH);
        yield sent(verb, type, "GET", collection, List.of(query), "", new byte[0], "");
      }
    };
  }

  private String mangled(String path) {
    return random.nextInt(12) > 0
        ? path
        : path + damage.one("/", "//", "/%00", "/%2e%2e/%2e%2e", "%20", "%C3%BC", "%FF", ";a=b");
  }

  private Sent written(
      String verb,
      ResourceType type,
      String method,
      String path,
      List<String> queries,
      ObjectNode object,
      String made) {
    String contentType = random.nextInt(30) == 0 ? damage.one(NO_BODIES) : bodies.type();
    byte[] body = bodies.maybeDamaged(bodies.of(object, contentType));
    return sent(verb, type, method, path, queries, contentType, body, made);
  }

  private Sent sent(
      String verb,
      ResourceType type,
      String method,
      String path,
      List<String> queries,
      String contentType,
      byte[] body,
      String object) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", damage.one(ACCEPTS));
    if (!contentType.isEmpty()) {
      headers.put("Content-Type", contentType);
    }
    switch (random.nextInt(40)) {
      case 0 -> headers.put("Impersonate-User", damage.one("jane", "system:serviceaccount:a", " "));
      case 1 -> headers.put("Impersonate-Group", "g");
      case 2 -> headers.put("If-None-Match", damage.one("*", "\"x\"", "W/"));
      default -> {}
    }
    String query = damage.one(queries);
    return new Sent(
        verb, type, method, path + (query.isEmpty() ? "" : "?" + query), headers, body, object);
  }
}
