package dev.berth.controller.imageregistry;

import dev.berth.api.Digest;
import dev.berth.controller.blobs.BlobStore;
import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Blobs and their uploads.
final class Blobs {
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");
  private static final Pattern CHUNK =
      Pattern.compile("(?:bytes )?([0-9]{1,18})-([0-9]{1,18})(?:/.*)?");

  private final Repositories repositories;
  private final BlobStore store;

  Blobs(Repositories repositories, BlobStore store) {
    this.repositories = repositories;
    this.store = store;
  }

  void handle(HttpExchange exchange, RegistryPath at) throws IOException {
    Digest digest = ImageRegistry.digest(at.reference());
    switch (exchange.method()) {
      case "GET", "HEAD" -> send(exchange, at, digest);
      case "DELETE" -> {
        if (!repositories.unlinkBlob(at.repository(), digest)) {
          throw unknown(at, digest);
        }
        exchange.respond(202, Map.of(), new byte[0]);
      }
      default -> throw ImageRegistry.notAllowed(exchange);
    }
  }

  private static RegistryError unknown(RegistryPath at, Digest digest) {
    return new RegistryError(
        404, "BLOB_UNKNOWN", "repository " + at.repository() + " has no blob " + digest);
  }

  /// 2: whole, or the part that a Range asks for.
  private void send(HttpExchange exchange, RegistryPath at, Digest digest) throws IOException {
    Path file =
        Optional.of(digest)
            .filter(d -> repositories.hasBlob(at.repository(), d))
            .flatMap(store::find)
            .orElseThrow(() -> unknown(at, digest));
    long size = Files.size(file);
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put("Docker-Content-Digest", digest.toString());
    headers.put("ETag", "\"" + digest + "\"");
    headers.put("Accept-Ranges", "bytes");
    headers.putAll(Manifests.NO_PAGE);
    Optional<Span> span = exchange.header("Range").map(range -> span(range, size));
    long from = span.map(Span::from).orElse(0L);
    long length = span.map(Span::length).orElse(size);
    span.ifPresent(
        s ->
            headers.put(
                "Content-Range",
                "bytes " + s.from() + "-" + (s.from() + s.length() - 1) + "/" + size));
    headers.put("Content-Length", Long.toString(length));
    int status = span.isPresent() ? 206 : 200;
    if (exchange.method().equals("HEAD")) {
      exchange.respond(status, headers, new byte[0]);
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      // Ended only when all of it was sent: an answer that was cut off must not look whole.
      OutputStream out = exchange.stream(status, headers);
      copy(in, out, length);
      out.close();
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (long left = length; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("a blob is shorter than its name says");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  private record Span(long from, long length) {}

  private static Span span(String range, long size) {
    Matcher match = RANGE.matcher(range);
    if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
      throw new RegistryError(416, "RANGE_INVALID", "not a range that is served: " + range);
    }
    boolean suffix = match.group(1).isEmpty();
    long last =
        suffix || match.group(2).isEmpty() ? size - 1 : Math.min(size - 1, number(match.group(2)));
    long from = suffix ? Math.max(0, size - number(match.group(2))) : number(match.group(1));
    if (from > last) {
      throw new RegistryError(
          416, "RANGE_INVALID", "the blob has " + size + " bytes; asked was " + range);
    }
    return new Span(from, last - from + 1);
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /// 4 to 6, 11, 13, 14: begin, append, finish, mount, ask, cancel.
  void upload(HttpExchange exchange, RegistryPath at) throws IOException {
    if (at.reference().isEmpty()) {
      if (!exchange.method().equals("POST")) {
        throw ImageRegistry.notAllowed(exchange);
      }
      begin(exchange, at);
      return;
    }
    BlobStore.Upload upload =
        store.upload(at.reference()).orElseThrow(() -> unknownUpload(at.reference()));
    try {
      goOn(exchange, at, upload);
    } catch (NoSuchFileException e) {
      // Cancelled meanwhile, by its client or because it was taken for abandoned.
      throw unknownUpload(at.reference());
    }
  }

  private static RegistryError unknownUpload(String id) {
    return new RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "there is no upload " + id);
  }

  private void goOn(HttpExchange exchange, RegistryPath at, BlobStore.Upload upload)
      throws IOException {
    switch (exchange.method()) {
      case "GET" -> exchange.respond(204, progress(at, upload), new byte[0]);
      case "PATCH" -> {
        append(exchange, upload);
        exchange.respond(202, progress(at, upload), new byte[0]);
      }
      case "PUT" -> {
        Digest digest = wantedDigest(exchange);
        last(exchange, upload);
        finish(exchange, at, upload, digest);
      }
      case "DELETE" -> {
        upload.cancel();
        exchange.respond(204, Map.of(), new byte[0]);
      }
      default -> throw ImageRegistry.notAllowed(exchange);
    }
  }

  private void begin(HttpExchange exchange, RegistryPath at) throws IOException {
    Optional<Digest> mount = exchange.query("mount").map(ImageRegistry::digest);
    if (mount.isPresent() && mounts(exchange, mount.get())) {
      repositories.linkBlob(at.repository(), mount.get());
      created(exchange, at, mount.get());
      return;
    }
    boolean whole = exchange.query("digest").isPresent();
    Optional<Digest> digest = whole ? Optional.of(wantedDigest(exchange)) : Optional.empty();
    BlobStore.Upload upload = store.begin();
    if (digest.isPresent()) {
      last(exchange, upload);
      finish(exchange, at, upload, digest.get());
    } else {
      exchange.respond(202, progress(at, upload), new byte[0]);
    }
  }

  /// What breaks here is sent anew from its beginning, under another name: it would stay for ever.
  private static void last(HttpExchange exchange, BlobStore.Upload upload) throws IOException {
    try {
      append(exchange, upload);
    } catch (IOException e) {
      upload.cancel();
      throw e;
    }
  }

  private boolean mounts(HttpExchange exchange, Digest digest) {
    boolean there = store.find(digest).isPresent();
    return exchange
            .query("from")
            .map(from -> RegistryPath.isRepository(from) && repositories.hasBlob(from, digest))
            .orElse(there)
        && there;
  }

  private static Digest wantedDigest(HttpExchange exchange) {
    return ImageRegistry.digest(exchange.query("digest").orElse(""));
  }

  /// A chunk that does not begin where the upload ends is refused: the client asks how far it is.
  private static void append(HttpExchange exchange, BlobStore.Upload upload) throws IOException {
    Optional<String> range = exchange.header("Content-Range");
    long most = Long.MAX_VALUE;
    if (range.isPresent()) {
      Matcher chunk = CHUNK.matcher(range.get());
      boolean fits = chunk.matches() && Long.parseLong(chunk.group(1)) == upload.size();
      if (!fits) {
        throw new RegistryError(
            416,
            "BLOB_UPLOAD_INVALID",
            "the upload has " + upload.size() + " bytes; the chunk is " + range.get());
      }
      most = Long.parseLong(chunk.group(2)) - Long.parseLong(chunk.group(1)) + 1;
    }
    upload.append(exchange.body(), most);
  }

  private void finish(
      HttpExchange exchange, RegistryPath at, BlobStore.Upload upload, Digest digest)
      throws IOException {
    if (!upload.finish(digest)) {
      throw new RegistryError(400, "DIGEST_INVALID", "the uploaded bytes are not " + digest);
    }
    repositories.linkBlob(at.repository(), digest);
    created(exchange, at, digest);
  }

  private static void created(HttpExchange exchange, RegistryPath at, Digest digest)
      throws IOException {
    exchange.respond(
        201,
        Map.of(
            "Location",
            "/v2/" + at.repository() + "/blobs/" + digest,
            "Docker-Content-Digest",
            digest.toString()),
        new byte[0]);
  }

  private static Map<String, String> progress(RegistryPath at, BlobStore.Upload upload)
      throws IOException {
    return Map.of(
        "Location", "/v2/" + at.repository() + "/blobs/uploads/" + upload.id(),
        "Range", "0-" + Math.max(0, upload.size() - 1),
        "Docker-Upload-UUID", upload.id());
  }
}
