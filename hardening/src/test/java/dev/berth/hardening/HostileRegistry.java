package dev.berth.hardening;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/// A registry on the loopback that answers as badly as the seed says. Each `next` makes one image,
/// whose name is asked for afterwards.
final class HostileRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final long ENDLESS = -7;

  @SuppressWarnings("ArrayRecordComponent") // made here, sent, never compared
  private record Answer(int code, Map<String, String> headers, byte[] body, long length) {
    static Answer of(String type, byte[] body) {
      return new Answer(200, Map.of("Content-Type", type), body, body.length);
    }
  }

  /// What was made: the family for the report, and the name to pull.
  record Bad(String family, String image) {}

  private final RandomGenerator random;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> manifests = new ConcurrentHashMap<>();
  private final Map<String, Answer> blobs = new ConcurrentHashMap<>();
  private int made;

  HostileRegistry(RandomGenerator random) throws IOException {
    this.random = random;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String last = path.substring(path.lastIndexOf('/') + 1);
      Answer answer = (path.contains("/manifests/") ? manifests : blobs).get(last);
      if (answer == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      if (answer.length() == ENDLESS) {
        exchange.sendResponseHeaders(answer.code(), 0);
        endless(exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(answer.code(), answer.length() == 0 ? -1 : answer.length());
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  /// Until the other side has had enough; 16 MiB at most, so that a test ends.
  private static void endless(OutputStream out) throws IOException {
    byte[] spaces = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 256; i++) {
      out.write(spaces);
    }
  }

  Bad next() {
    manifests.clear();
    blobs.clear();
    String tag = "t" + made++;
    String family = make(tag);
    return new Bad(
        family,
        server.getAddress().getAddress().getHostAddress()
            + ":"
            + server.getAddress().getPort()
            + "/evil/image:"
            + tag);
  }

  private String make(String tag) {
    return switch (random.nextInt(20)) {
      case 0 ->
          text(
              tag,
              "not JSON",
              pick("", "{", "\0\0\0", "<html>", "nul", "{\"a\":1}{", "[]", "\"x\"", "7"));
      case 1 -> text(tag, "deep JSON", "[".repeat(1 + random.nextInt(100_000)));
      case 2 -> text(tag, "large", "{\"config\":\"" + "x".repeat(5 << 20) + "\"}");
      case 3 ->
          text(
              tag,
              "wrong types",
              pick(
                  "{\"config\":7,\"layers\":7}",
                  "{\"config\":{},\"layers\":{}}",
                  "{\"config\":{\"digest\":7},\"layers\":[]}",
                  "{\"config\":null,\"layers\":null}",
                  "{\"manifests\":7}",
                  "{\"manifests\":[7,null,\"x\"]}"));
      case 4 ->
          text(
              tag, "bad digest", "{\"config\":{\"digest\":\"" + badDigest() + "\"},\"layers\":[]}");
      case 5 ->
          text(
              tag,
              "bad digest in an index",
              "{\"manifests\":[{\"digest\":\""
                  + badDigest()
                  + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}");
      case 6 ->
          answer(
              tag,
              "endless manifest",
              new Answer(200, Map.of("Content-Type", MANIFEST), new byte[0], ENDLESS));
      case 7 ->
          answer(
              tag,
              "short body",
              new Answer(
                  200,
                  Map.of("Content-Type", MANIFEST),
                  "{".getBytes(StandardCharsets.US_ASCII),
                  4000));
      case 8 ->
          answer(
              tag,
              "status",
              new Answer(
                  pickInt(400, 401, 403, 405, 418, 429, 500, 503, 204, 206),
                  Map.of(
                      "WWW-Authenticate",
                      pick(
                          "Bearer realm=\"http://127.0.0.1:1/t\"",
                          "Bearer",
                          "Basic realm=\"x\"",
                          "Bearer realm=\"file:///etc/passwd\"",
                          "Bearer realm=\"::\"")),
                  new byte[0],
                  0));
      case 9 ->
          answer(
              tag,
              "redirect",
              new Answer(
                  pickInt(301, 302, 307, 308),
                  Map.of(
                      "Location",
                      pick(
                          "/v2/evil/image/manifests/" + tag,
                          "file:///etc/passwd",
                          "http://169.254.169.254:1/",
                          "http://127.0.0.1:1/",
                          "::",
                          "",
                          "ftp://x/")),
                  new byte[0],
                  0));
      case 10 -> cycle(tag);
      case 11 -> nested(tag);
      case 12 ->
          config(
              tag,
              "config is no JSON",
              pick(
                  "",
                  "{",
                  "7",
                  "[]",
                  "{\"rootfs\":7}",
                  "{\"rootfs\":{\"diff_ids\":[7]}}",
                  "{\"rootfs\":{\"diff_ids\":[\"" + badDigest() + "\"]}}"),
              1);
      case 13 ->
          config(
              tag,
              "config counts other layers",
              "{\"rootfs\":{\"diff_ids\":[]}}",
              1 + random.nextInt(3));
      case 14 -> config(tag, "deep config", "{\"rootfs\":" + "[".repeat(50_000), 1);
      case 15 ->
          config(
              tag,
              "strange config",
              "{\"config\":{\"Env\":[7,null,\"=\",\"x\"],\"Entrypoint\":\"text\",\"Cmd\":{\"a\":1},\"WorkingDir\":\"../../..\",\"User\":\"\\u0000:99999999999\",\"ExposedPorts\":[1],\"Labels\":{\"a\":{}}},\"rootfs\":{\"diff_ids\":["
                  + "\"sha256:"
                  + "0".repeat(64)
                  + "\"]}}",
              1);
      case 16 -> layers(tag, "layer with another digest", false, 1);
      case 17 -> layers(tag, "layer missing", true, 1);
      case 18 -> layers(tag, "thousands of layers", true, 300);
      default ->
          text(
              tag,
              "no platform",
              "{\"manifests\":[{\"digest\":\"sha256:"
                  + "1".repeat(64)
                  + "\",\"platform\":{\"os\":\"plan9\",\"architecture\":\"mips\"}}]}");
    };
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private int pickInt(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String badDigest() {
    return pick(
        "",
        "sha256",
        "sha256:",
        "sha256:xyz",
        "md5:" + "0".repeat(32),
        "sha256:../../../../etc/passwd",
        "sha256:" + "G".repeat(64),
        "sha512:" + "0".repeat(64),
        "sha256:" + "0".repeat(64) + "/x",
        ":".repeat(200),
        "sha256:" + "\\u0000".repeat(64));
  }

  private String text(String tag, String family, String body) {
    return answer(
        tag,
        family,
        Answer.of(pick(MANIFEST, INDEX, "text/html"), body.getBytes(StandardCharsets.UTF_8)));
  }

  private String answer(String tag, String family, Answer answer) {
    manifests.put(tag, answer);
    return family;
  }

  /// An index cannot name its own digest, so the server lies about what it serves.
  private String cycle(String tag) {
    byte[] index = index("sha256:" + "2".repeat(64));
    manifests.put("sha256:" + "2".repeat(64), Answer.of(INDEX, index));
    return answer(tag, "index cycle", Answer.of(INDEX, index));
  }

  private static byte[] index(String digest) {
    return ("{\"manifests\":[{\"digest\":\""
            + digest
            + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String nested(String tag) {
    byte[] body = "{\"config\":{},\"layers\":[]}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2 + random.nextInt(12); i++) {
      String digest = Digest.sha256(body).toString();
      manifests.put(digest, Answer.of(INDEX, body));
      body = index(digest);
    }
    return answer(tag, "nested indexes", Answer.of(INDEX, body));
  }

  private String config(String tag, String family, String config, int layers) {
    byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
    String digest = Digest.sha256(bytes).toString();
    blobs.put(digest, Answer.of("application/json", bytes));
    String layer =
        "{\"digest\":\"sha256:"
            + "3".repeat(64)
            + "\",\"size\":"
            + pick("1", "-1", "9e99", "\"x\"")
            + "}";
    String manifest =
        "{\"config\":{\"digest\":\""
            + digest
            + "\"},\"layers\":["
            + String.join(",", java.util.Collections.nCopies(layers, layer))
            + "]}";
    return text(tag, family, manifest);
  }

  private String layers(String tag, String family, boolean missing, int count) {
    Map<String, String> diffs = new HashMap<>();
    StringBuilder layers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String digest = "sha256:" + "%064x".formatted(1000 + i);
      diffs.put(digest, "\"" + digest + "\"");
      layers
          .append(i == 0 ? "" : ",")
          .append("{\"digest\":\"")
          .append(digest)
          .append("\",\"size\":9}");
      if (!missing) {
        blobs.put(
            digest, Answer.of("application/octet-stream", new TarBytes().file("x", "y").ended()));
      }
    }
    byte[] config =
        ("{\"rootfs\":{\"diff_ids\":[" + String.join(",", diffs.values()) + "]}}")
            .getBytes(StandardCharsets.UTF_8);
    blobs.put(Digest.sha256(config).toString(), Answer.of("application/json", config));
    return text(
        tag,
        family,
        "{\"config\":{\"digest\":\"" + Digest.sha256(config) + "\"},\"layers\":[" + layers + "]}");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
