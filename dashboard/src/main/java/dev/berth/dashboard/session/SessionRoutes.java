package dev.berth.dashboard.session;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.port.Tokens;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Logging in and out.
public final class SessionRoutes {
  /// A ServiceAccount's token is about 1 KiB.
  private static final int MOST_BODY = 16 * 1024;

  private static final String ATTRIBUTES = "; Path=/; HttpOnly; Secure; SameSite=Strict";

  private final Sessions sessions;
  private final Tokens tokens;
  private final Failures failures;

  public SessionRoutes(Sessions sessions, Tokens tokens, InstantSource clock) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.failures = new Failures(clock);
  }

  /// `POST /ui/api/login-link`: for whoever shows credentials.
  public Answer link(Request request) {
    Proven caller =
        request
            .caller()
            .orElseThrow(
                () ->
                    new ApiException(
                        new ApiError.Unauthorized(
                            "a login link is for whoever shows credentials: run berth dashboard")));
    return Answer.json(
        Json.object()
            .put("path", "/ui/#login=" + sessions.link(caller))
            .put("expiresSeconds", Sessions.LINK_LIFE.toSeconds()));
  }

  /// `POST /ui/api/login` with `{"code":...}` or `{"token":...}`.
  public Answer login(Request request) throws IOException {
    requireOwnPage(request);
    OptionalInt wait = failures.wait(request.remote());
    if (wait.isPresent()) {
      throw new ApiException(
          new ApiError.TooManyRequests(
              "too many logins failed from this address: try again in "
                  + wait.getAsInt()
                  + " seconds",
              wait.getAsInt()));
    }
    JsonNode shown = body(request);
    Optional<Sessions.Opened> opened = open(shown);
    if (opened.isEmpty()) {
      failures.add(request.remote());
      throw new ApiException(new ApiError.Unauthorized(refused(shown)));
    }
    request.header("Cookie").ifPresent(cookies -> sessions.closeOwn(cookies, opened.get()));
    return Answer.json(opened.get().session().toJson())
        .with("Set-Cookie", Sessions.COOKIE + "=" + opened.get().cookie() + ATTRIBUTES);
  }

  /// Another site could log its victim in as somebody else, and see what is typed then.
  private static void requireOwnPage(Request request) {
    Approach approach = Approach.of(request);
    boolean json = request.header("Content-Type").orElse("").startsWith("application/json");
    if (!json || (request.header("Origin").isPresent() && !approach.isOwnOrigin())) {
      throw new ApiException(
          new ApiError.Forbidden(
              "a login must come from a page of this server, as application/json"));
    }
  }

  private static JsonNode body(Request request) throws IOException {
    try {
      return Json.parseObject(request.body(MOST_BODY));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.BadRequest("expected {\"code\": ...} or {\"token\": ...} as JSON"), e);
    }
  }

  private Optional<Sessions.Opened> open(JsonNode shown) {
    Optional<String> code = Json.optional(shown, "code");
    return code.isPresent()
        ? sessions.redeem(code.get())
        : Json.optional(shown, "token").flatMap(t -> tokens.prove(t.strip())).map(sessions::open);
  }

  private static String refused(JsonNode shown) {
    return shown.has("code")
        ? "the login link was used already or is older than "
            + Sessions.LINK_LIFE.toMinutes()
            + " minutes: run berth dashboard for a new one"
        : "the token is not valid here: run berth dashboard for a login link, or kubectl create"
            + " token NAME for a token";
  }

  /// `GET /ui/api/session`. Checked here too: who shows a credential beside somebody's cookie is
  /// let in by that one.
  public Answer current(Request request) {
    return session(request)
        .map(session -> Answer.json(session.toJson()))
        .orElseThrow(
            () ->
                new ApiException(
                    new ApiError.Unauthorized("nobody is logged in: run berth dashboard")));
  }

  private Optional<Session> session(Request request) {
    return request.header("Cookie").flatMap(c -> sessions.admit(c, Approach.of(request)));
  }

  /// `POST /ui/api/logout`, by a page of ours.
  public Answer logout(Request request) {
    if (session(request).isPresent()) {
      request.header("Cookie").ifPresent(sessions::close);
    }
    return Answer.empty(204).with("Set-Cookie", Sessions.COOKIE + "=; Max-Age=0" + ATTRIBUTES);
  }
}
