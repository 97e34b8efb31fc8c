package dev.berth.client;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// An OCI registry behind one base URL (distribution-spec). A 401 starts the token flow once per
/// scope: the challenge names the realm, the realm gives a token, the request is repeated.
/// Redirects (blob stores on other hosts) are followed by hand so that `Authorization` never goes
/// to another host. Manifests and blobs are checked against their digest while they are read.
/// Blocking; may be shared by threads.
public final class Registry implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_MANIFEST = 4 << 20;
  private static final int MAX_REDIRECTS = 5;
  private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");
  private static final String MANIFEST_TYPES =
      String.join(
          ",",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private final URI base;
  private final Optional<RegistryCredentials> credentials;
  private final Optional<Supplier<SSLContext>> ssl;
  private Connections connections;

  /// The `Authorization` value that worked, by scope.
  private final Map<String, String> authorizations = new ConcurrentHashMap<>();

  private Registry(
      URI base, Optional<Supplier<SSLContext>> ssl, Optional<RegistryCredentials> credentials) {
    this.base = base;
    this.credentials = credentials;
    this.ssl = ssl;
    this.connections = Connections.open(ssl.map(Supplier::get));
  }

  /// `base` is scheme, host and port: `https://registry-1.docker.io`. Without an `ssl` context the
  /// JDK's trust decides.
  public static Registry of(
      URI base, @Nullable SSLContext ssl, Optional<RegistryCredentials> credentials) {
    return new Registry(base, Optional.ofNullable(ssl).map(context -> () -> context), credentials);
  }

  /// The registry of the cluster itself, with the client's own certificate, also after the client
  /// read a renewed one.
  public static Registry ofCluster(ApiClient client) {
    return new Registry(client.server(), Optional.of(client::sslContext), Optional.empty());
  }

  /// What is connected with one set of certificates.
  private record Connections(Optional<SSLContext> ssl, HttpClient http) {

    static Connections open(Optional<SSLContext> ssl) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .executor(
                  Executors.newThreadPerTaskExecutor(
                      Thread.ofVirtual().name("registry-", 0).factory()));
      ssl.ifPresent(builder::sslContext);
      return new Connections(ssl, builder.build());
    }
  }

  /// Old connections finish what they carry.
  private synchronized HttpClient http() {
    Optional<SSLContext> now = ssl.map(Supplier::get);
    if (!now.equals(connections.ssl())) {
      connections.http().shutdown();
      connections = Connections.open(now);
    }
    return connections.http();
  }

  public URI base() {
    return base;
  }

  /// A manifest or index as received: the digest is that of exactly these bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared; copying 4 MiB per reader buys nothing
  public record Manifest(String mediaType, Digest digest, byte[] bytes) {
    public JsonNode tree() {
      return Json.parse(bytes);
    }
  }

  /// What a registry says about a manifest without sending it; the digest only where the registry
  /// names one.
  public record Head(String mediaType, Optional<Digest> digest, long size) {}

  public Optional<Head> headManifest(String repository, String reference) throws IOException {
    HttpResponse<InputStream> response =
        send(
            pull(repository),
            request(manifestPath(repository, reference))
                .setHeader("Accept", MANIFEST_TYPES)
                .method("HEAD", BodyPublishers.noBody()));
    response.body().close();
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    expect(response, "manifest of " + repository + ":" + reference, 200);
    return Optional.of(
        new Head(
            mediaType(response),
            response
                .headers()
                .firstValue("Docker-Content-Digest")
                .filter(Digest::isDigest)
                .map(Digest::parse),
            response.headers().firstValueAsLong("Content-Length").orElse(-1)));
  }

  /// By tag or digest; empty where the registry does not have it. A digest that does not fit the
  /// bytes is an error.
  public Optional<Manifest> manifest(String repository, String reference) throws IOException {
    String what = "manifest of " + repository + ":" + reference;
    HttpResponse<InputStream> response =
        send(
            pull(repository),
            request(manifestPath(repository, reference)).setHeader("Accept", MANIFEST_TYPES).GET());
    try (InputStream in = response.body()) {
      if (response.statusCode() == 404) {
        return Optional.empty();
      }
      expect(response, what, 200);
      byte[] bytes = in.readNBytes(MAX_MANIFEST + 1);
      if (bytes.length > MAX_MANIFEST) {
        throw new IOException(what + ": larger than 4 MiB");
      }
      return Optional.of(new Manifest(mediaType(response), checked(reference, bytes, what), bytes));
    }
  }

  private static Digest checked(String reference, byte[] bytes, String what) throws IOException {
    if (!Digest.isDigest(reference)) {
      return Digest.sha256(bytes);
    }
    Digest wanted = Digest.parse(reference);
    if (!wanted.matches(bytes)) {
      throw new IOException(
          what
              + ": digest mismatch: received "
              + Digest.finish(wanted.algorithm(), wanted.hasher().digest(bytes)));
    }
    return wanted;
  }

  /// `reference` is a tag or the digest of the bytes.
  public Digest putManifest(String repository, String reference, String mediaType, byte[] bytes)
      throws IOException {
    HttpResponse<InputStream> response =
        send(
            push(repository),
            request(manifestPath(repository, reference))
                .setHeader("Content-Type", mediaType)
                .PUT(BodyPublishers.ofByteArray(bytes)));
    try (InputStream _ = response.body()) {
      expect(response, "push of manifest " + repository + ":" + reference, 201, 200);
      return Digest.sha256(bytes);
    }
  }

  public boolean hasBlob(String repository, Digest digest) throws IOException {
    HttpResponse<InputStream> response =
        send(
            pull(repository),
            request(blobPath(repository, digest)).method("HEAD", BodyPublishers.noBody()));
    response.body().close();
    if (response.statusCode() == 404) {
      return false;
    }
    expect(response, "blob " + digest + " of " + repository, 200);
    return true;
  }

  /// The bytes of a blob; the stream fails at its end where they are not those of the digest.
  public InputStream blob(String repository, Digest digest) throws IOException {
    return blob(repository, digest, 0);
  }

  /// From an offset on, for a download that goes on; only one from the start is checked here. A
  /// registry that ignores the range is an error, because the caller would append the wrong bytes.
  public InputStream blob(String repository, Digest digest, long offset) throws IOException {
    HttpRequest.Builder request = request(blobPath(repository, digest)).GET();
    if (offset > 0) {
      request.setHeader("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> response = send(pull(repository), request);
    int wanted = offset > 0 ? 206 : 200;
    if (response.statusCode() != wanted) {
      throw failure(response, "blob " + digest + " of " + repository);
    }
    return offset > 0 ? response.body() : digest.verifying(response.body());
  }

  /// Uploads unless it is there. `content` may be asked for more than once (a token that has run
  /// out repeats the request).
  public void uploadBlob(String repository, Digest digest, long size, Supplier<InputStream> content)
      throws IOException {
    if (hasBlob(repository, digest)) {
      return;
    }
    URI location = startUpload(repository);
    URI target = withDigest(location, digest);
    HttpResponse<InputStream> response =
        send(
            push(repository),
            HttpRequest.newBuilder(target)
                .setHeader("Content-Type", "application/octet-stream")
                .PUT(sized(content, size)),
            timeToSend(size));
    try (InputStream _ = response.body()) {
      expect(response, "upload of blob " + digest + " to " + repository, 201);
    }
  }

  private static BodyPublisher sized(Supplier<InputStream> content, long size) {
    return size == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(content), size);
  }

  /// An answer comes after the whole body: give a slow line (128 KiB/s) its time.
  private static Duration timeToSend(long size) {
    return ANSWER_TIMEOUT.plusSeconds(size >> 17);
  }

  /// Makes a blob of another repository of the same registry visible; false where the registry
  /// wants an upload instead.
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    String query = "?mount=" + encode(digest.toString()) + "&from=" + encode(fromRepository);
    HttpResponse<InputStream> response =
        send(
            push(repository),
            request("/v2/" + repository + "/blobs/uploads/" + query).POST(BodyPublishers.noBody()));
    try (InputStream _ = response.body()) {
      expect(response, "mount of blob " + digest + " into " + repository, 201, 202);
      return response.statusCode() == 201;
    }
  }

  private URI startUpload(String repository) throws IOException {
    HttpResponse<InputStream> response =
        send(
            push(repository),
            request("/v2/" + repository + "/blobs/uploads/").POST(BodyPublishers.noBody()));
    try (InputStream _ = response.body()) {
      expect(response, "start of an upload to " + repository, 202);
      String location =
          response
              .headers()
              .firstValue("Location")
              .orElseThrow(() -> new IOException("upload to " + repository + ": no Location"));
      return base.resolve(location);
    }
  }

  private static URI withDigest(URI location, Digest digest) {
    String text = location.toString();
    return URI.create(
        text + (text.contains("?") ? "&" : "?") + "digest=" + encode(digest.toString()));
  }

  /// All tags, following the pages.
  public List<String> tags(String repository) throws IOException {
    List<String> tags = new ArrayList<>();
    Optional<URI> page = Optional.of(base.resolve("/v2/" + repository + "/tags/list"));
    for (int pages = 0; page.isPresent() && pages < 1000; pages++) {
      HttpResponse<InputStream> response =
          send(pull(repository), HttpRequest.newBuilder(page.get()).GET());
      try (InputStream in = response.body()) {
        if (response.statusCode() == 404) {
          return tags;
        }
        expect(response, "tags of " + repository, 200);
        json(in).path("tags").forEach(tag -> tags.add(tag.asString("")));
      }
      page = next(response);
    }
    return tags;
  }

  private Optional<URI> next(HttpResponse<?> response) throws IOException {
    Optional<URI> next =
        response
            .headers()
            .firstValue("Link")
            .map(NEXT::matcher)
            .filter(Matcher::find)
            .map(link -> base.resolve(link.group(1)));
    if (next.isPresent() && !sameHost(next.get(), base)) {
      throw new IOException("tags: the registry points to another host: " + next.get());
    }
    return next;
  }

  private static String pull(String repository) {
    return "repository:" + repository + ":pull";
  }

  private static String push(String repository) {
    return "repository:" + repository + ":pull,push";
  }

  private static String manifestPath(String repository, String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  private static String blobPath(String repository, Digest digest) {
    return "/v2/" + repository + "/blobs/" + digest;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  /// Sends with what worked for this scope; a 401 asks for new credentials once.
  private HttpResponse<InputStream> send(String scope, HttpRequest.Builder request)
      throws IOException {
    return send(scope, request, ANSWER_TIMEOUT);
  }

  private HttpResponse<InputStream> send(
      String scope, HttpRequest.Builder request, Duration timeout) throws IOException {
    request.setHeader("User-Agent", "berth").timeout(timeout);
    String known = authorizations.get(scope);
    HttpResponse<InputStream> response = follow(request, known);
    if (response.statusCode() != 401) {
      return response;
    }
    Optional<String> fresh = authorize(response, scope);
    if (fresh.isEmpty() || fresh.get().equals(known)) {
      return response;
    }
    response.body().close();
    authorizations.put(scope, fresh.get());
    return follow(request, fresh.get());
  }

  /// Redirects by hand: `Authorization` stays with the registry's host.
  private HttpResponse<InputStream> follow(
      HttpRequest.Builder builder, @Nullable String authorization) throws IOException {
    HttpRequest request =
        authorization == null
            ? builder.build()
            : builder.copy().setHeader("Authorization", authorization).build();
    HttpResponse<InputStream> response = exchange(request);
    URI from = request.uri();
    for (int i = 0; i < MAX_REDIRECTS && isRedirect(response); i++) {
      URI target = from.resolve(response.headers().firstValue("Location").orElse(""));
      response.body().close();
      refuseDowngrade(from, target);
      HttpRequest.Builder next = builder.copy().uri(target);
      if (authorization != null && sameHost(target, base)) {
        next.setHeader("Authorization", authorization);
      }
      response = exchange(next.build());
      from = target;
    }
    return response;
  }

  private static void refuseDowngrade(URI from, URI target) throws IOException {
    if ("https".equals(from.getScheme()) && !"https".equals(target.getScheme())) {
      throw new IOException("redirect from " + from + " to " + target + ": would leave TLS");
    }
  }

  private static boolean isRedirect(HttpResponse<?> response) {
    return switch (response.statusCode()) {
      case 301, 302, 303, 307, 308 -> response.headers().firstValue("Location").isPresent();
      default -> false;
    };
  }

  private static boolean sameHost(URI a, URI b) {
    return String.valueOf(a.getAuthority()).equalsIgnoreCase(String.valueOf(b.getAuthority()))
        && String.valueOf(a.getScheme()).equals(b.getScheme());
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
    try {
      return http().send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(request.uri() + ": interrupted", e);
    } catch (IOException e) {
      throw new IOException(
          "cannot reach " + request.uri().getAuthority() + ": " + Unreachable.why(e), e);
    }
  }

  private Optional<String> authorize(HttpResponse<?> response, String scope) throws IOException {
    for (String challenge : response.headers().allValues("WWW-Authenticate")) {
      if (challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
        return Optional.of("Bearer " + token(challenge, scope));
      }
      if (challenge.regionMatches(true, 0, "Basic", 0, 5) && credentials.isPresent()) {
        return credentials.map(RegistryCredentials::basic);
      }
    }
    return Optional.empty();
  }

  private String token(String challenge, String scope) throws IOException {
    Map<String, String> parameters = new java.util.HashMap<>();
    Matcher found = PARAMETER.matcher(challenge);
    while (found.find()) {
      parameters.put(found.group(1), found.group(2));
    }
    URI realm = realm(parameters.getOrDefault("realm", ""));
    StringBuilder query = new StringBuilder(realm.getQuery() == null ? "?" : "&");
    query.append("service=").append(encode(parameters.getOrDefault("service", "")));
    if (!scope.isEmpty()) {
      query.append("&scope=").append(encode(scope));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(realm + query.toString()))
            .setHeader("User-Agent", "berth")
            .timeout(ANSWER_TIMEOUT);
    credentials.ifPresent(value -> request.setHeader("Authorization", value.basic()));
    HttpResponse<InputStream> response = exchange(request.GET().build());
    try (InputStream in = response.body()) {
      expect(response, "token for " + scope + " from " + realm.getAuthority(), 200);
      return tokenIn(json(in), realm);
    }
  }

  private URI realm(String text) throws IOException {
    try {
      URI realm = URI.create(text);
      boolean safe =
          "https".equals(realm.getScheme())
              || ("http".equals(realm.getScheme()) && "http".equals(base.getScheme()));
      if (safe && realm.getHost() != null) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(base + " names a token server that is no URL: " + text, e);
    }
    throw new IOException(base + " names a token server that is no https URL: " + text);
  }

  private static String tokenIn(JsonNode answer, URI realm) throws IOException {
    return Json.optional(answer, "token")
        .or(() -> Json.optional(answer, "access_token"))
        .orElseThrow(() -> new IOException("token server " + realm.getAuthority() + ": no token"));
  }

  private static JsonNode json(InputStream in) throws IOException {
    try {
      return Json.parse(in.readNBytes(MAX_MANIFEST));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("the registry's answer is not JSON", e);
    }
  }

  private static void expect(HttpResponse<InputStream> response, String what, int... codes)
      throws IOException {
    for (int code : codes) {
      if (response.statusCode() == code) {
        return;
      }
    }
    throw failure(response, what);
  }

  private static RegistryException failure(HttpResponse<InputStream> response, String what) {
    String code = "";
    String message = "";
    try (InputStream in = response.body()) {
      JsonNode error = Json.parse(in.readNBytes(64 << 10)).path("errors").path(0);
      code = Json.text(error, "code");
      message = Json.text(error, "message");
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      message = "";
    }
    String detail = message.isEmpty() ? code : message;
    return new RegistryException(
        response.statusCode(),
        code,
        what
            + ": the registry answered "
            + response.statusCode()
            + (detail.isEmpty() ? "" : " (" + detail + ")"));
  }

  private static String mediaType(HttpResponse<?> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    connections.http().shutdownNow();
  }
}
