package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// Requests that are wrong in ways which have names: too large, too deep, folded by aliases, said
/// twice, not a number, of another type. Each is refused with its own code and a `Status` which
/// says so, and leaves nothing behind. (`BadInputTest` of the controller has the seeded ones.)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadRequestsIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String MAP = MAPS + "/there";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private static final String MERGE = "application/merge-patch+json";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final int TOO_LARGE = (3 << 20) + 1;

  private final List<String> wrong = new ArrayList<>();
  private Lab lab;
  private RawApi api;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.start("bad-requests");
    api = RawApi.of(lab.host());
    RawApi.Answer made = api.send(RawApi.Request.of("POST", MAPS, JSON, map("there", "{}")));
    assertEquals(201, made.code(), made::toString);
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (api != null) {
      api.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static String map(String name, String data) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\""
        + name
        + "\"},\"data\":"
        + data
        + "}";
  }

  private void expect(int code, String says, String method, String target, String type, String body)
      throws IOException {
    expect(code, says, RawApi.Request.of(method, target, type, body));
  }

  private void expect(int code, String says, RawApi.Request request) throws IOException {
    RawApi.Answer answer = api.send(request);
    boolean well = answer.code() == code && answer.body().contains(says) && isStatus(answer);
    if (!well) {
      wrong.add("wanted " + code + " " + says + ", got " + answer + "\n    for " + request);
    }
  }

  private static boolean isStatus(RawApi.Answer answer) {
    JsonNode body = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
    return answer.code() < 400
        || (Json.text(body, "kind").equals("Status")
            && body.path("code").asInt() == answer.code()
            && !Json.text(body, "reason").isEmpty());
  }

  private void allWell() {
    List<String> found = List.copyOf(wrong);
    wrong.clear();
    assertEquals("", String.join("\n", found));
  }

  @Test
  void bodiesOverThreeMebibytesAreTooLarge() throws IOException {
    String large = map("large", "{\"a\":\"" + "x".repeat(TOO_LARGE) + "\"}");
    expect(413, "RequestEntityTooLarge", "POST", MAPS, JSON, large);
    expect(413, "RequestEntityTooLarge", "PUT", MAP, YAML, large);
    for (String type : List.of(MERGE, JSON_PATCH, STRATEGIC, APPLY)) {
      expect(413, "RequestEntityTooLarge", "PATCH", MAP + "?fieldManager=a", type, large);
    }
    expect(413, "RequestEntityTooLarge", "DELETE", MAP, JSON, large);
    expect(413, "RequestEntityTooLarge", "POST", MAPS, PROTOBUF, "k8s\0" + large);
    expect(413, "RequestEntityTooLarge", inPieces(large));
    allWell();
  }

  /// Nobody says beforehand how much comes.
  private static RawApi.Request inPieces(String body) {
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    for (int at = 0; at < body.length(); at += 64 << 10) {
      String piece = body.substring(at, Math.min(body.length(), at + (64 << 10)));
      pieces.writeBytes(
          (Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }
    pieces.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new RawApi.Request(
        "POST",
        MAPS,
        List.of("Content-Type: " + JSON, "Transfer-Encoding: chunked"),
        pieces.toByteArray());
  }

  @Test
  void whatIsNestedDeeperThanAHundredIsRefused() throws IOException {
    for (int depth : new int[] {101, 200_000}) {
      String deep = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      String list = "[".repeat(depth) + "]".repeat(depth);
      expect(400, "", "POST", MAPS, JSON, map("deep", deep));
      expect(400, "", "POST", MAPS, JSON, map("deep", list));
      expect(400, "", "POST", MAPS, YAML, map("deep", deep));
      expect(400, "", "PATCH", MAP, MERGE, "{\"data\":" + deep + "}");
      expect(400, "", "PATCH", MAP, STRATEGIC, "{\"data\":" + deep + "}");
      expect(400, "", "PATCH", MAP + "?fieldManager=a", APPLY, map("there", deep));
      String patch = "[{\"op\":\"add\",\"path\":\"/data\",\"value\":" + deep + "}]";
      expect(400, "", "PATCH", MAP, JSON_PATCH, patch);
      expect(400, "", "DELETE", MAP, JSON, deep);
    }
    allWell();
  }

  @Test
  void aliasesDoNotUnfoldIntoMore() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      laughs.append("a%d: &a%d [%s%s]\n".formatted(i, i, before, (", " + before).repeat(9)));
    }
    expect(400, "", "POST", MAPS, YAML, laughs.toString());
    expect(400, "", "PATCH", MAP + "?fieldManager=a", APPLY, laughs.toString());
    expect(400, "", "POST", MAPS, YAML, "a: &a [*a]\n");
    expect(400, "", "POST", MAPS, YAML, "a: *nobody\n");
    expect(400, "", "POST", MAPS, YAML, "? &a {*a : *a}\n: 1\n");
    allWell();
  }

  @Test
  void aKeyThatIsSaidTwiceIsNamed() throws IOException {
    String twice = map("twice", "{\"a\":\"1\",\"a\":\"2\"}");
    String strict = "?fieldValidation=Strict";
    expect(400, "duplicate", "POST", MAPS + strict, JSON, twice);
    expect(400, "", "POST", MAPS + strict, YAML, twice);
    expect(201, "\"a\":\"2\"", "POST", MAPS + "?fieldValidation=Ignore&dryRun=All", JSON, twice);
    RawApi.Request warned = RawApi.Request.of("POST", MAPS + "?dryRun=All", JSON, twice);
    RawApi.Answer answer = api.send(warned);
    if (!answer.head().toLowerCase(java.util.Locale.ROOT).contains("\nwarning: 299 - ")) {
      wrong.add("no warning in " + answer);
    }
    allWell();
  }

  @Test
  void numbersThatAreNoneAreRefused() throws IOException {
    String deployment =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"n\"},"
            + "\"spec\":{\"replicas\":%s,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":"
            + "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":"
            + "[{\"name\":\"a\",\"image\":\"a:1\"}]}}}}";
    for (String number : List.of("NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.")) {
      expect(400, "", "POST", DEPLOYMENTS, JSON, deployment.formatted(number));
    }
    for (String number : List.of("1e400", "1.5", "9223372036854775808", "-1")) {
      refused("POST", DEPLOYMENTS, JSON, deployment.formatted(number));
      refused("POST", DEPLOYMENTS, YAML, deployment.formatted(number));
    }
    for (String number : List.of(".nan", ".inf", "-.INF")) {
      refused("POST", DEPLOYMENTS, YAML, deployment.formatted(number));
    }
    refused("PATCH", MAP, MERGE, "{\"metadata\":{\"generation\":NaN}}");
    allWell();
  }

  /// Where the type of a field tells, 422 says the same as 400.
  private void refused(String method, String target, String type, String body) throws IOException {
    RawApi.Request request = RawApi.Request.of(method, target, type, body);
    RawApi.Answer answer = api.send(request);
    boolean well = (answer.code() == 400 || answer.code() == 422) && isStatus(answer);
    if (!well) {
      wrong.add("wanted a refusal, got " + answer + "\n    for " + request);
    }
  }

  @Test
  void otherMediaTypesAreNotGuessedAt() throws IOException {
    String one = map("typed", "{}");
    for (String type : List.of("text/plain", "application/xml", "application/cbor", MERGE, "x")) {
      expect(415, "UnsupportedMediaType", "POST", MAPS, type, one);
      expect(415, "UnsupportedMediaType", "PUT", MAP, type, one);
    }
    for (String type : List.of(JSON, YAML, PROTOBUF, "text/plain", "x", "application/patch")) {
      expect(415, "UnsupportedMediaType", "PATCH", MAP, type, one);
    }
    String scale = "/apis/apps/v1/namespaces/default/deployments/none/scale";
    expect(415, "UnsupportedMediaType", "PATCH", scale, "text/plain", one);
    allWell();
  }

  @Test
  void whatIsNoObjectIsRefused() throws IOException {
    for (String body : List.of("", "null", "[]", "1", "\"a\"", "{}{}", "{\"a\":1", "\0", "{} x")) {
      expect(400, "", "POST", MAPS, JSON, body);
    }
    for (String body : List.of("null", "[a]", "a", "--- {}\n--- {}\n", "a: b: c", "!!java/X {}")) {
      expect(400, "", "POST", MAPS, YAML, body);
    }
    for (String body : List.of("", "k8s", "k8s\0", "k8s\0\n", "k8s\0\n\177", "\0\0\0\0")) {
      expect(400, "", "POST", MAPS, PROTOBUF, body);
    }
    for (byte[] bytes : List.of(new byte[] {(byte) 0xff, (byte) 0xfe}, notUtf8())) {
      expect(400, "", new RawApi.Request("POST", MAPS, List.of("Content-Type: " + JSON), bytes));
    }
    allWell();
  }

  private static byte[] notUtf8() {
    byte[] bytes = map("utf", "{\"a\":\"?\"}").getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 4] = (byte) 0xc3;
    return bytes;
  }

  /// Two lengths for one body are how a request is smuggled past a proxy (RFC 9112, section 6.3).
  @Test
  void whatIsNoHttpEndsItsConnection() throws IOException {
    for (String head :
        List.of(
            "GET / HTTP/9.9",
            "GET  HTTP/1.1",
            "\0\0\0",
            "POST " + MAPS + " HTTP/1.1\r\nHost: x\r\nContent-Length: -1",
            "POST " + MAPS + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2",
            "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x",
            "GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(100_000))) {
      String start = head.substring(0, Math.min(80, head.length()));
      try {
        RawApi.Answer answer =
            api.send((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        if (answer.code() / 100 != 4) {
          wrong.add(start + " was answered " + answer);
        }
      } catch (java.net.SocketTimeoutException e) {
        wrong.add(start + " was not answered");
      } catch (IOException e) {
        // Closed without a word: right too.
      }
    }
    RawApi.Answer after = api.send(RawApi.Request.of("GET", "/readyz", JSON, ""));
    assertEquals(200, after.code());
    allWell();
  }

  /// [MutationsIT] has thousands. The last: it deletes what it finds, also what the others ask of.
  @Test
  @Order(Integer.MAX_VALUE)
  void damagedRequestsAreNeverTheServersFault() throws Exception {
    assertEquals(List.of(), MutationsIT.found(api, 200, 1));
  }

  /// [CrowdIT] has thousands.
  @Test
  void someWhoAreSilentDoNotKeepOthersWaiting() throws IOException {
    Crowds crowds = Crowds.before(lab, api);
    Crowds.Members idle = crowds.gather(Crowd.Habit.IDLE, 50);
    crowds.gather(Crowd.Habit.DEAF, 50);
    crowds.gather(Crowd.Habit.HALF, 50);
    crowds.gather(Crowd.Habit.MUTE, 50);
    crowds.serveOthers(2);
    crowds.report("50 idle connections, 50 watchers that stopped to read, 50 half bodies, 50 mute");
    assertEquals(50, idle.connected());
  }
}
