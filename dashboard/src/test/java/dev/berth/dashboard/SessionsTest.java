package dev.berth.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Viewer;
import dev.berth.dashboard.session.Approach;
import dev.berth.dashboard.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Logging in, as a browser does it.
final class SessionsTest {
  private static final Viewer ANN = new Viewer("ann", List.of("devs"));
  private final Stage stage = new Stage();

  private Proven ann() {
    return new Proven(ANN, Optional.empty(), () -> true);
  }

  private String code() {
    Answer link = stage.ask(FakeRequest.of("POST", "/ui/api/login-link").by("ann", "devs"));
    String path = Json.text(Json.parse(link.body()), "path");
    assertTrue(path.startsWith("/ui/#login="), path);
    return path.substring("/ui/#login=".length());
  }

  private Answer login(String field, String secret) {
    return stage.ask(FakeRequest.of("POST", "/ui/api/login").json(Map.of(field, secret)));
  }

  private static String cookie(Answer login) {
    String header = String.valueOf(login.headers().get("Set-Cookie"));
    return header.substring(0, header.indexOf(';'));
  }

  /// Whether a cookie still stands for a session: without its word, that one is refused.
  private Optional<ApiError> found(String cookie) {
    try {
      Approach wordless = Approach.of(FakeRequest.get("/ui/api/session"));
      assertTrue(stage.sessions.admit(cookie, wordless).isEmpty(), "no word was needed");
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e.error());
    }
  }

  private static String word(Answer login) {
    return Json.text(Json.parse(login.body()), "csrf");
  }

  private ApiError refused(FakeRequest request) {
    return assertThrows(ApiException.class, () -> stage.ask(request)).error();
  }

  @Test
  void aLinkLogsInOnceAndItsCookieIsForThisSiteOnly() {
    String code = code();
    Answer login = login("code", code);
    assertEquals("ann", Json.text(Json.parse(login.body()), "user"));
    String header = String.valueOf(login.headers().get("Set-Cookie"));
    assertTrue(header.endsWith("; Path=/; HttpOnly; Secure; SameSite=Strict"), header);
    assertEquals("no-store", login.headers().get("Cache-Control"));
    assertThrows(ApiException.class, () -> login("code", code));
  }

  @Test
  void aLinkEndsAfterTwoMinutes() {
    String code = code();
    stage.pass(Duration.ofMinutes(2));
    assertThrows(ApiException.class, () -> login("code", code));
  }

  @Test
  void aLinkIsForWhoeverShowsCredentials() {
    assertEquals(401, refused(FakeRequest.of("POST", "/ui/api/login-link")).code());
  }

  @Test
  void theSessionOfACookieIsToldToItsPage() {
    Answer login = login("code", code());
    FakeRequest asked =
        FakeRequest.get("/ui/api/session").with("Cookie", "a=b; " + cookie(login) + "; c=d");
    Answer session = stage.ask(asked.with("X-Berth-Csrf", word(login)));
    assertEquals("[\"devs\"]", Json.parse(session.body()).path("groups").toString());
    assertEquals(401, refused(FakeRequest.get("/ui/api/session")).code());
    assertEquals(
        401, refused(FakeRequest.get("/ui/api/session").with("Cookie", "berth-session=x")).code());
  }

  /// Cookies know no ports: a pod behind a port-forward is sent them too, and asks with a token of
  /// its own beside.
  @Test
  void neitherTheWordNorALogoutIsForWhoHasOnlyTheCookie() {
    String cookie = cookie(login("code", code()));
    FakeRequest asked = FakeRequest.get("/ui/api/session").with("Cookie", cookie).by("a-pod");
    ApiError error = refused(asked);
    assertEquals(403, error.code());
    assertEquals(
        "this session needs the word of its page (header X-Berth-Csrf)",
        Json.text(error.toStatus(), "message"));
    assertEquals(403, refused(asked.with("X-Berth-Csrf", "guess")).code());
    FakeRequest logout = FakeRequest.of("POST", "/ui/api/logout").with("Cookie", cookie);
    assertEquals(403, refused(logout.with("Origin", "https://berth:6443")).code());
    assertTrue(found(cookie).isPresent());
  }

  @Test
  void aLoginEndsTheBrowsersLastSession() {
    String old = cookie(login("code", code()));
    FakeRequest again = FakeRequest.of("POST", "/ui/api/login").json(Map.of("code", code()));
    String fresh = cookie(stage.ask(again.with("Cookie", old)));
    assertTrue(found(fresh).isPresent());
    assertEquals(Optional.empty(), found(old));
  }

  /// Whoever got hold of a cookie could end its session by logging in as somebody else.
  @Test
  void aLoginEndsNoSessionOfAnother() {
    String other =
        "berth-session="
            + stage
                .sessions
                .open(new Proven(new Viewer("bob", List.of()), Optional.empty(), () -> true))
                .cookie();
    FakeRequest again = FakeRequest.of("POST", "/ui/api/login").json(Map.of("code", code()));
    stage.ask(again.with("Cookie", other));
    assertTrue(found(other).isPresent());
  }

  /// Another port of the host may set cookies too.
  @Test
  void ofTwoSessionsThePagesOwnCounts() {
    String other = "berth-session=" + stage.sessions.open(ann()).cookie();
    Answer login = login("code", code());
    FakeRequest asked =
        FakeRequest.get("/ui/api/session").with("Cookie", other + "; " + cookie(login));
    Answer session = stage.ask(asked.with("X-Berth-Csrf", word(login)));
    assertEquals(word(login), word(session));
  }

  @Test
  void aSessionEndsAfterTwelveHours() {
    String cookie = cookie(login("code", code()));
    stage.pass(Duration.ofHours(12).minusSeconds(1));
    assertTrue(found(cookie).isPresent());
    stage.pass(Duration.ofSeconds(1));
    assertTrue(found(cookie).isEmpty());
  }

  @Test
  void aSessionEndsWithTheTokenItWasMadeOf() {
    AtomicBoolean valid = new AtomicBoolean(true);
    stage.tokens.put("t0ken", new Proven(ANN, Optional.empty(), valid::get));
    String cookie = cookie(login("token", " t0ken\n"));
    assertTrue(found(cookie).isPresent());
    valid.set(false);
    assertTrue(found(cookie).isEmpty());
    valid.set(true);
    assertTrue(found(cookie).isEmpty(), "it came back");
  }

  @Test
  void aSessionLastsNoLongerThanWhatItWasMadeOf() {
    Proven short1 = new Proven(ANN, Optional.of(stage.now().plusSeconds(60)), () -> true);
    String cookie = "berth-session=" + stage.sessions.open(short1).cookie();
    stage.pass(Duration.ofSeconds(60));
    assertTrue(found(cookie).isEmpty());
  }

  @Test
  void loggingOutEndsTheSessionAndItsCookie() {
    Answer login = login("code", code());
    String cookie = cookie(login);
    Answer out =
        stage.ask(
            FakeRequest.of("POST", "/ui/api/logout")
                .with("Cookie", cookie)
                .with("Origin", "https://berth:6443")
                .with("X-Berth-Csrf", word(login)));
    assertTrue(String.valueOf(out.headers().get("Set-Cookie")).contains("Max-Age=0"));
    assertTrue(found(cookie).isEmpty());
  }

  @Test
  void anotherSiteCannotLogItsVictimIn() {
    FakeRequest login = FakeRequest.of("POST", "/ui/api/login").json(Map.of("code", code()));
    assertEquals(403, refused(login.with("Origin", "https://evil.example")).code());
    assertEquals(403, refused(login.with("Origin", "null")).code());
    assertEquals(403, refused(login.with("Content-Type", "text/plain")).code());
    assertEquals(200, stage.ask(login).status());
  }

  @Test
  void guessingIsSlowedDownForTheGuesserOnly() {
    FakeRequest wrong = FakeRequest.of("POST", "/ui/api/login").json(Map.of("token", "guess"));
    for (int i = 0; i < 10; i++) {
      assertEquals(401, refused(wrong).code());
    }
    assertEquals(429, refused(wrong).code());
    assertEquals(401, refused(wrong.from("10.0.0.10")).code());
    stage.pass(Duration.ofMinutes(1));
    assertEquals(401, refused(wrong).code());
  }

  @Test
  void aBodyThatIsNoJsonIsNoCrash() {
    for (String body : List.of("", "[]", "{", "{\"code\":7}", "{\"code\":\"\",\"token\":null}")) {
      ApiError error = refused(FakeRequest.of("POST", "/ui/api/login").json(body).from(body));
      assertTrue(error.code() == 400 || error.code() == 401, body + ": " + error);
    }
  }

  @Test
  void nobodyCanPushOutTheSessionsOfOthers() {
    String other =
        "berth-session="
            + stage
                .sessions
                .open(new Proven(new Viewer("bob", List.of()), Optional.empty(), () -> true))
                .cookie();
    String first = "berth-session=" + stage.sessions.open(ann()).cookie();
    for (int i = 0; i < 2_000; i++) {
      stage.sessions.open(ann());
    }
    assertTrue(found(other).isPresent());
    assertTrue(found(first).isEmpty());
  }

  @Test
  void cookiesAndCodesAreLongAndNeverTheSame() {
    assertNotEquals(code(), code());
    assertEquals(43, code().length());
    Session session = stage.sessions.open(ann()).session();
    assertFalse(session.toString().contains(session.csrf()));
  }

  private Optional<String> refusal(
      String method, boolean webSocket, String origin, Optional<String> csrf) {
    Session session = stage.sessions.open(ann()).session();
    return session.refusal(
        new Approach(
            method,
            webSocket,
            Optional.of(origin).filter(o -> !o.isEmpty()),
            Optional.of("berth:6443"),
            csrf.map(c -> c.equals("right") ? session.csrf() : c)));
  }

  @Test
  void aChangeNeedsTheWordAndAnOwnPage() {
    String own = "https://berth:6443";
    assertTrue(refusal("GET", false, "", Optional.empty()).isPresent());
    assertTrue(refusal("GET", false, "", Optional.of("wrong")).isPresent());
    assertTrue(refusal("GET", false, "", Optional.of("right")).isEmpty());
    assertTrue(refusal("DELETE", false, own, Optional.of("right")).isEmpty());
    assertTrue(refusal("DELETE", false, own, Optional.of("wrong")).isPresent());
    assertTrue(refusal("DELETE", false, own, Optional.empty()).isPresent());
    assertTrue(refusal("DELETE", false, "", Optional.of("right")).isPresent());
    Optional<String> word = Optional.of("right");
    assertTrue(refusal("POST", false, "https://berth:9443", word).isPresent());
    assertTrue(refusal("POST", false, "http://berth:6443", word).isPresent());
  }

  @Test
  void aWebSocketNeedsThemToo() {
    String own = "https://berth:6443";
    Optional<String> word = Optional.of("right");
    assertTrue(refusal("GET", true, own, word).isEmpty());
    String why = refusal("GET", true, own, Optional.empty()).orElseThrow();
    assertTrue(why.contains("csrf.berth.dev.WORD"), why);
    assertTrue(refusal("GET", true, "https://evil.example", word).isPresent());
    assertTrue(refusal("GET", true, "", word).isPresent());
  }
}
