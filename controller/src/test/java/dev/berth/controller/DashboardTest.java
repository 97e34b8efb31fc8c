package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The dashboard's surface and its sessions, on a running controller.
class DashboardTest {
  private static final String OWN = "OWN";
  private static final Map<String, String> AS_JSON = Map.of("Content-Type", "application/json");

  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;
  private static HttpClient browser;
  private static String cookie;
  private static String csrf;

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    browser = HttpClient.newBuilder().sslContext(Anonymous.trustingAnything()).build();
    HttpResponse<String> login = login(code(Map.of()));
    assertEquals(200, login.statusCode(), login.body());
    cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    csrf = Json.text(Json.parse(login.body()), "csrf");
  }

  @AfterAll
  static void stop() {
    browser.close();
    admin.close();
    controller.close();
  }

  /// What `berth dashboard` gets, as somebody.
  private static String code(Map<String, String> headers) throws IOException {
    HttpResponse<InputStream> link =
        admin.raw("POST", "/ui/api/login-link", headers, BodyPublishers.noBody());
    JsonNode answer = Json.parse(link.body().readAllBytes());
    String path = Json.text(answer, "path");
    assertTrue(path.startsWith("/ui/#login="), answer.toString());
    return path.substring(path.indexOf('=') + 1);
  }

  private static HttpResponse<String> login(String code) {
    return send(
        "POST",
        "/ui/api/login",
        "{\"code\":\"" + code + "\"}",
        List.of("Content-Type", "application/json", "Origin", OWN));
  }

  private static HttpResponse<String> send(
      String method, String path, String body, List<String> headers) {
    String own = "https://127.0.0.1:" + controller.port();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(own + path))
            .method(method, BodyPublishers.ofString(body));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1).replace(OWN, own));
    }
    try {
      return browser.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> asPage(String method, String path, String... more) {
    List<String> headers = new ArrayList<>(List.of("X-Berth-Csrf", csrf));
    headers.addAll(List.of(more));
    return asBrowser(method, path, headers.toArray(String[]::new));
  }

  private static HttpResponse<String> asBrowser(String method, String path, String... more) {
    List<String> headers = new ArrayList<>(List.of("Cookie", cookie));
    headers.addAll(List.of(more));
    return send(method, path, "", headers);
  }

  @Test
  void anybodyMayLoadThePagesAndNobodySeesDataWithoutALogin() {
    HttpResponse<String> page = send("GET", "/ui/", "", List.of());
    assertEquals(200, page.statusCode());
    assertTrue(page.headers().firstValue("Content-Security-Policy").isPresent());
    assertEquals(308, send("GET", "/ui", "", List.of()).statusCode());
    assertEquals(401, send("GET", "/ui/api/session", "", List.of()).statusCode());
    assertEquals(401, send("POST", "/ui/api/login-link", "", List.of()).statusCode());
  }

  @Test
  void noBrowserIsMadeToAskForAPasswordByItself() {
    String challenge = "WWW-Authenticate";
    for (String path : List.of("/ui/api/session", "/api/v1/secrets")) {
      HttpResponse<String> page = send("GET", path, "", List.of("Sec-Fetch-Mode", "cors"));
      assertEquals(401, page.statusCode());
      assertTrue(page.headers().firstValue(challenge).isEmpty(), path);
    }
    HttpResponse<String> older = send("GET", "/ui/api/session", "", List.of());
    assertTrue(older.headers().firstValue(challenge).isEmpty());
    HttpResponse<String> program = send("GET", "/api/v1/secrets", "", List.of());
    assertTrue(program.headers().firstValue(challenge).isPresent());
  }

  @Test
  void aCookieWithItsWordIsItsUser() {
    assertEquals(200, asPage("GET", "/api/v1/secrets").statusCode());
    HttpResponse<String> session = asPage("GET", "/ui/api/session");
    assertEquals("admin", Json.text(Json.parse(session.body()), "user"));
    HttpResponse<String> stale =
        send("GET", "/ui/", "", List.of("Cookie", "berth-session=of-another-day"));
    assertEquals(200, stale.statusCode());
    assertEquals(
        401, send("GET", "/api/v1/secrets", "", List.of("Cookie", "berth-session=x")).statusCode());
  }

  /// A pod behind a port-forward on the same host is sent the cookie, but not the word.
  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/secrets", "/apis", "/openapi/v2", "/version", "/ui/api/session"})
  void aCookieAloneIsNobodyAndRefused(String path) {
    HttpResponse<String> refused = asBrowser("GET", path);
    assertEquals(403, refused.statusCode(), refused.body());
    assertEquals(
        "this session needs the word of its page (header X-Berth-Csrf)",
        Json.text(Json.parse(refused.body()), "message"));
  }

  /// What is stored there is somebody else's, and a browser would show it as a page of this server.
  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2/_catalog", "/metrics"})
  void whereNoPageAsksACookieCountsForNothing(String path) {
    assertEquals(401, asPage("GET", path).statusCode());
  }

  @Test
  void theWordOfAWebSocketIsASubprotocol() throws Exception {
    String pod = "/api/v1/namespaces/default/pods/none/exec?command=ls";
    assertEquals(404, upgrade(pod, "v5.channel.k8s.io, csrf.berth.dev." + csrf));
    assertEquals(403, upgrade(pod, "v5.channel.k8s.io"));
    assertEquals(403, upgrade(pod, "v5.channel.k8s.io, csrf.berth.dev.x"));
  }

  private static int upgrade(String path, String protocols) throws Exception {
    String own = "https://127.0.0.1:" + controller.port();
    WebSocket.Builder socket =
        browser.newWebSocketBuilder().header("Cookie", cookie).header("Origin", own);
    String[] all = protocols.split(", ", -1);
    socket.subprotocols(all[0], Arrays.copyOfRange(all, 1, all.length));
    URI uri = URI.create(own.replace("https", "wss") + path);
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> socket.buildAsync(uri, new WebSocket.Listener() {}).get());
    return assertInstanceOf(WebSocketHandshakeException.class, failed.getCause())
        .getResponse()
        .statusCode();
  }

  /// Over HTTP/2 browsers send each cookie as a line of its own.
  @Test
  void theSessionMayBeInAnyCookieLine() throws IOException {
    HttpResponse<String> login = login(code(Map.of()));
    String own = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    String word = Json.text(Json.parse(login.body()), "csrf");
    List<String> shown =
        List.of("Cookie", "x=1", "Cookie", own, "Origin", OWN, "X-Berth-Csrf", word);
    assertEquals(200, send("GET", "/ui/api/session", "", shown).statusCode());
    assertEquals(204, send("POST", "/ui/api/logout", "", shown).statusCode());
    assertEquals(401, send("GET", "/ui/api/session", "", shown).statusCode());
  }

  @Test
  void aSessionThatASessionOpenedEndsWithItsToken() throws IOException {
    HttpResponse<String> login = loginByToken();
    String own = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    String word = Json.text(Json.parse(login.body()), "csrf");
    List<String> shown =
        List.of("Cookie", "x=1", "Cookie", own, "Origin", OWN, "X-Berth-Csrf", word);
    HttpResponse<String> link = send("POST", "/ui/api/login-link", "", shown);
    assertEquals(200, link.statusCode(), link.body());
    String path = Json.text(Json.parse(link.body()), "path");
    HttpResponse<String> next = login(path.substring(path.indexOf('=') + 1));
    Instant end = Instant.parse(Json.text(Json.parse(login.body()), "expires"));
    Instant last = Instant.parse(Json.text(Json.parse(next.body()), "expires"));
    assertFalse(last.isAfter(end), last + " is after " + end);
  }

  @Test
  void aHeaderCountsBeforeTheCookie() {
    HttpResponse<String> refused =
        asPage("GET", "/api/v1/secrets", "Authorization", "Bearer of-nobody");
    assertEquals(401, refused.statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "x, x, 'the Origin header must name'",
    "https://evil.example, CSRF, 'the Origin header must name'",
    "null, CSRF, 'the Origin header must name'",
    "OWN, x, 'needs the word of its page (header X-Berth-Csrf)'"
  })
  void aChangeNeedsTheOriginAndTheTextOfTheSession(String origin, String text, String missing) {
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
      HttpResponse<String> answer =
          asBrowser(
              method,
              "/api/v1/namespaces/default/configmaps/none",
              "Origin",
              origin,
              "X-Berth-Csrf",
              text.replace("CSRF", csrf));
      assertEquals(403, answer.statusCode(), method);
      assertEquals("Forbidden", Json.text(Json.parse(answer.body()), "reason"));
      assertTrue(answer.body().contains(missing), answer.body());
    }
  }

  @Test
  void aPageOfThisServerMayChangeThings() {
    HttpResponse<String> answer =
        asBrowser(
            "DELETE",
            "/api/v1/namespaces/default/configmaps/none",
            "Origin",
            OWN,
            "X-Berth-Csrf",
            csrf);
    assertEquals(404, answer.statusCode(), answer.body());
  }

  @Test
  void aSessionHasTheRightsOfWhoAskedForTheLinkAndEndsWithItsLogout() throws IOException {
    HttpResponse<String> login = login(code(Map.of("Impersonate-User", "jane")));
    String jane = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    String text = Json.text(Json.parse(login.body()), "csrf");
    List<String> shown = List.of("Cookie", jane, "Origin", OWN, "X-Berth-Csrf", text);
    HttpResponse<String> refused = send("GET", "/api/v1/secrets", "", shown);
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("User \\\"jane\\\" cannot list"), refused.body());
    HttpResponse<String> out = send("POST", "/ui/api/logout", "", shown);
    assertEquals(204, out.statusCode(), out.body());
    assertEquals(401, send("GET", "/api/v1/secrets", "", shown).statusCode());
  }

  @Test
  void aCodeWorksOnceAndATokenLogsInToo() throws IOException {
    String code = code(Map.of());
    assertEquals(200, login(code).statusCode());
    assertEquals(401, login(code).statusCode());
    assertEquals(
        "system:serviceaccount:default:default",
        Json.text(Json.parse(loginByToken().body()), "user"));
  }

  private static HttpResponse<String> loginByToken() throws IOException {
    HttpResponse<InputStream> made =
        admin.raw(
            "POST",
            "/api/v1/namespaces/default/serviceaccounts/default/token",
            AS_JSON,
            BodyPublishers.ofString("{\"spec\":{}}"));
    String token = Json.text(Json.parse(made.body().readAllBytes()), "status", "token");
    return send(
        "POST",
        "/ui/api/login",
        "{\"token\":\"" + token + "\"}",
        List.of("Content-Type", "application/json", "Origin", OWN, "Cookie", cookie));
  }

  @Test
  void neitherCookieNorTextReachesTheAuditLog() throws IOException {
    asPage("POST", "/version?refused");
    asPage("GET", "/version?told");
    Path log = dataDir.resolve("audit/audit.log");
    assertTrue(Waiting.until(() -> text(log).contains("/version?told")));
    String secret = cookie.substring(cookie.indexOf('=') + 1);
    assertFalse(text(log).contains(secret) || text(log).contains(csrf));
    String told = text(log).lines().filter(l -> l.contains("?told")).findFirst().orElseThrow();
    assertTrue(told.contains("\"username\":\"admin\""), told);
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
