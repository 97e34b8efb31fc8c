package dev.berth.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/// A registry that is not one: it serves the same small image under a few names, each wrong in its
/// own way. Runs as a process inside a test host's network namespace.
///
/// ```
/// team/digits   is as it should be, tag 1
/// locked/...    wants a login
/// arm/...       is for linux/arm64 only
/// forged/...    has a layer whose bytes are not those of its digest
/// broken/...    answers 500
/// large/...     has 40 MiB of random bytes in it
/// ```
public final class StandInRegistry {
  private static final int BLOCK = 512;
  private static final int LARGE = 40 << 20;
  private static final String OCI = "application/vnd.oci.image.";

  private final byte[] box;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

  private StandInRegistry(byte[] box) throws IOException {
    String good = manifest("amd64", tar("box", box));
    tag("team/digits", good);
    tag("locked/digits", good);
    tag("arm/digits", index(good));
    tag("forged/digits", manifest("amd64", tar("box", box, "forged", new byte[1])));
    this.box = box;
  }

  /// Made when it is first asked for: packing it takes a while.
  private synchronized void makeLarge() throws IOException {
    if (!manifests.containsKey("/v2/large/digits/manifests/1")) {
      byte[] random = new byte[LARGE];
      new Random(1).nextBytes(random);
      tag("large/digits", manifest("amd64", tar("box", box, "weights", random)));
    }
  }

  /// Arguments: the port, and the file that becomes `/box` of each image.
  public static void main(String[] args) throws IOException, InterruptedException {
    StandInRegistry registry = new StandInRegistry(Files.readAllBytes(Path.of(args[1])));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v2/", registry::answer);
    server.start();
    PrintStream out = System.out;
    out.println("serving");
    out.flush();
    new CountDownLatch(1).await();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/v2/large/")) {
      makeLarge();
    }
    if (path.startsWith("/v2/locked/")) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"team\"");
      send(exchange, 401, "application/json", error("UNAUTHORIZED", "authentication required"));
    } else if (path.startsWith("/v2/broken/")) {
      send(exchange, 500, "application/json", error("UNKNOWN", "the database is away"));
    } else if (path.endsWith("/tags/list")) {
      send(exchange, 200, "application/json", text("{\"tags\":[\"1\"]}"));
    } else if (path.contains("/manifests/")) {
      found(exchange, Optional.ofNullable(manifests.get(path)), "MANIFEST_UNKNOWN");
    } else if (path.contains("/blobs/")) {
      found(exchange, blob(path), "BLOB_UNKNOWN");
    } else {
      send(exchange, path.equals("/v2/") ? 200 : 404, "application/json", text("{}"));
    }
  }

  /// The last byte of a forged layer is another one.
  private Optional<byte[]> blob(String path) {
    Optional<byte[]> blob =
        Optional.ofNullable(blobs.get(path.substring(path.lastIndexOf('/') + 1)));
    return path.startsWith("/v2/forged/") && blob.isPresent() && blob.get()[0] == 0x1f
        ? blob.map(StandInRegistry::forged)
        : blob;
  }

  private static byte[] forged(byte[] bytes) {
    byte[] other = bytes.clone();
    other[other.length / 2] ^= 1;
    return other;
  }

  private static void found(HttpExchange exchange, Optional<byte[]> bytes, String otherwise)
      throws IOException {
    if (bytes.isEmpty()) {
      send(exchange, 404, "application/json", error(otherwise, "not known to this registry"));
      return;
    }
    boolean isIndex =
        new String(bytes.get(), StandardCharsets.ISO_8859_1).contains("\"manifests\"");
    send(exchange, 200, OCI + (isIndex ? "index" : "manifest") + ".v1+json", bytes.get());
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!isHead) {
        out.write(body);
      }
    }
  }

  // --- images ---

  private void tag(String repository, String manifest) {
    byte[] bytes = text(manifest);
    manifests.put("/v2/" + repository + "/manifests/1", bytes);
    manifests.put("/v2/" + repository + "/manifests/" + digest(bytes), bytes);
  }

  private String manifest(String architecture, byte[] tar) throws IOException {
    byte[] config =
        text(
            "{\"architecture\":\""
                + architecture
                + "\",\"os\":\"linux\",\"config\":{\"Entrypoint\":[\"/box\"],\"Cmd\":[\"model\"]},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + digest(tar)
                + "\"]}}");
    byte[] layer = gzip(tar);
    return "{\"schemaVersion\":2,\"mediaType\":\""
        + OCI
        + "manifest.v1+json\",\"config\":"
        + descriptor("config.v1+json", config)
        + ",\"layers\":["
        + descriptor("layer.v1.tar+gzip", layer)
        + "]}";
  }

  private static String index(String manifest) {
    byte[] bytes = text(manifest);
    return "{\"schemaVersion\":2,\"mediaType\":\""
        + OCI
        + "index.v1+json\",\"manifests\":[{\"mediaType\":\""
        + OCI
        + "manifest.v1+json\",\"digest\":\""
        + digest(bytes)
        + "\",\"size\":"
        + bytes.length
        + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}}]}";
  }

  private String descriptor(String type, byte[] blob) {
    blobs.put(digest(blob), blob);
    return "{\"mediaType\":\""
        + OCI
        + type
        + "\",\"digest\":\""
        + digest(blob)
        + "\",\"size\":"
        + blob.length
        + "}";
  }

  /// Names and contents by turns; each an executable file.
  private static byte[] tar(Object... files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < files.length; i += 2) {
      byte[] content = (byte[]) files[i + 1];
      out.write(header((String) files[i], content.length));
      out.write(content);
      out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }
    out.write(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000755");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", size));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o", sum));
    header[154] = 0;
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text(text);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] error(String code, String message) {
    return text("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
