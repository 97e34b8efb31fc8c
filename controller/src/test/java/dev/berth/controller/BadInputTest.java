package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.Schemas;
import dev.berth.client.ApiClient;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests that were right before something in them was changed, over every kind and verb: never
/// an answer that blames the server, never silence, never a stored object that is not valid.
///
/// `-Dberth.mutations=10000 -Dberth.seed=7` makes it longer, or another.
class BadInputTest {
  private static final int MUTATIONS = Integer.getInteger("berth.mutations", 2_000);
  private static final long SEED = Long.getLong("berth.seed", 20_261_123L);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String[] PATCHES = {
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/json-patch+json",
    "application/apply-patch+yaml"
  };
  private static final String[] QUERIES = {
    "",
    "",
    "",
    "",
    "dryRun=All",
    "dryRun=Some",
    "fieldValidation=Strict",
    "fieldValidation=Ignore",
    "fieldManager=a",
    "fieldManager=" + "a".repeat(200),
    "fieldManager=a&force=true",
    "fieldManager=a&force=maybe",
    "limit=1",
    "limit=-1",
    "limit=1&continue=nonsense",
    "limit=99999999999999",
    "resourceVersion=1",
    "resourceVersion=-1",
    "resourceVersion=99999999&resourceVersionMatch=NotOlderThan",
    "resourceVersion=1&resourceVersionMatch=Exact",
    "resourceVersionMatch=Nonsense",
    "labelSelector=a%3Db",
    "labelSelector=a%20in%20(",
    "labelSelector=%21%21",
    "fieldSelector=metadata.name%3Dx",
    "fieldSelector=spec.nothing%3Dx",
    "fieldSelector=%3D%3D",
    "watch=true&timeoutSeconds=1&limit=nan",
    "watch=true&timeoutSeconds=1&resourceVersion=999999999",
    "watch=true&timeoutSeconds=1&sendInitialEvents=true",
    "gracePeriodSeconds=-1",
    "gracePeriodSeconds=x",
    "propagationPolicy=Nonsense",
    "propagationPolicy=Orphan",
    "pretty=%00"
  };
  private static final String[] ACCEPTS = {
    "application/json",
    "*/*",
    "application/json;as=Table;v=v1;g=meta.k8s.io",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "application/json;as=Nonsense;v=v1;g=meta.k8s.io",
    "application/vnd.kubernetes.protobuf",
    ";;;=,,"
  };
  private static final String[] CONTENT = {
    "application/json", "application/json", "application/yaml", "text/plain", "", ";", "a/b;=;="
  };

  @TempDir static Path dataDir;

  private final Random random = new Random(SEED);
  private final Mutations mutations = new Mutations(random);
  private final SampleObjects samples = new SampleObjects(random);
  private final List<String> found = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // Sent once, never compared.
  private record Sent(
      String method, String target, String contentType, String accept, byte[] body) {
    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return method
          + " "
          + target
          + " ("
          + contentType
          + ", accepts "
          + accept
          + ") "
          + text.substring(0, Math.min(text.length(), 1_000));
    }
  }

  @Test
  void nothingThatIsSentIsTheServersFault() throws Exception {
    System.err.println("BadInputTest: seed " + SEED + ", " + MUTATIONS + " mutations");
    ControllerConfig config = ControllerConfig.defaults(dataDir).withPort(0);
    try (Controller controller = Controller.start(config);
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
        HttpClient http =
            HttpClient.newBuilder()
                .sslContext(admin.sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
      URI server = URI.create("https://127.0.0.1:" + controller.port());
      for (int i = 0; i < MUTATIONS && found.size() < 20; i++) {
        judge(i, http, server, next());
      }
      Kinds.all().stream().filter(ResourceType::stored).forEach(type -> judgeStored(admin, type));
    }
    assertEquals("", String.join("\n", found), "seed " + SEED);
  }

  private Sent next() {
    List<ResourceType> types = Kinds.all();
    ResourceType type = types.get(random.nextInt(types.size()));
    ObjectNode object = samples.of(type, "n" + random.nextInt(6));
    String method = mutations.one("POST", "POST", "POST", "PUT", "PATCH", "PATCH", "GET", "DELETE");
    boolean collection = method.equals("POST") || (!method.equals("P") && random.nextInt(4) == 0);
    String path =
        collection
            ? type.collectionPath("default")
            : type.objectPath("default", Json.name(object)) + subresource(type);
    String contentType =
        method.equals("PATCH") && random.nextInt(10) > 0
            ? mutations.one(PATCHES)
            : mutations.one(CONTENT);
    if (random.nextInt(8) > 0) {
      mutations.tree(object);
    }
    byte[] body = method.equals("GET") ? new byte[0] : body(contentType, object);
    String query = mutations.one(QUERIES);
    return new Sent(
        method,
        mangled(path) + (query.isEmpty() ? "" : "?" + query),
        contentType,
        mutations.one(ACCEPTS),
        random.nextInt(6) == 0 ? mutations.bytes(body) : body);
  }

  private byte[] body(String contentType, ObjectNode object) {
    if (!contentType.equals("application/json-patch+json")) {
      return Json.bytes(object);
    }
    var patch = Json.array();
    for (String field : object.propertyNames()) {
      patch
          .addObject()
          .put("op", mutations.one("add", "replace", "remove", "test", "move", "copy", "x"))
          .put("path", "/" + field + mutations.one("", "/0", "/-", "/name", "/~", "/a~1b"))
          .put("from", "/" + mutations.one("spec", "metadata/labels", "", "metadata"))
          .set("value", object.path(field));
    }
    return Json.bytes(patch);
  }

  private String subresource(ResourceType type) {
    if (random.nextInt(4) > 0) {
      return "";
    }
    List<String> known = new ArrayList<>(type.subresources());
    known.addAll(List.of("status", "scale", "nothing", "finalize", "token", "eviction", "debug"));
    known.removeAll(List.of("log", "call", "exec", "attach", "portforward", "proxy"));
    return "/" + known.get(random.nextInt(known.size()));
  }

  private String mangled(String path) {
    return random.nextInt(20) > 0
        ? path
        : path
            + mutations.one(
                "/", "//", "/%00", "/" + URLEncoder.encode("ü ?", StandardCharsets.UTF_8));
  }

  private void judge(int number, HttpClient http, URI server, Sent sent) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + sent.target()))
            .timeout(PATIENCE)
            .header("Accept", sent.accept())
            .method(sent.method(), BodyPublishers.ofByteArray(sent.body()));
    if (!sent.contentType().isEmpty()) {
      request.header("Content-Type", sent.contentType());
    }
    String what = "mutation " + number + ": " + sent;
    try {
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      byte[] body = answer.body().readAllBytes();
      String problem = problem(answer.statusCode(), body);
      if (!problem.isEmpty()) {
        found.add(what + "\n    -> " + problem);
      }
    } catch (java.io.IOException e) {
      found.add(what + "\n    -> " + e);
    }
  }

  /// A revision that is not there yet is the client's to wait for, although its code is a 504.
  private static String problem(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (status >= 500 && !text.contains("ResourceVersionTooLarge")) {
      return status + " " + text;
    }
    if (status >= 400) {
      JsonNode answer = Json.parse(body);
      boolean isStatus =
          Json.text(answer, "kind").equals("Status")
              && answer.path("code").asInt() == status
              && !Json.text(answer, "reason").isEmpty();
      return isStatus ? "" : status + " without its Status: " + text;
    }
    return "";
  }

  private void judgeStored(ApiClient admin, ResourceType type) {
    for (ObjectNode object : admin.list(type, null, dev.berth.client.ListOptions.ALL).items()) {
      List<FieldError> errors = Schemas.of(type).validate(Json.deepCopy(object));
      if (!errors.isEmpty()) {
        found.add("stored, but not valid: " + errors + " in " + object);
      }
    }
    assertTrue(found.size() < 1_000);
  }
}
