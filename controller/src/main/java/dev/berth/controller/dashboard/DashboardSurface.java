package dev.berth.controller.dashboard;

import dev.berth.controller.auth.BearerTokens;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.HttpSurface;
import dev.berth.dashboard.Dashboard;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.port.Viewer;
import dev.berth.dashboard.session.Approach;
import dev.berth.dashboard.session.Session;
import dev.berth.dashboard.session.Sessions;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The dashboard's answers, which anybody may ask for: it refuses by itself who may not see them.
public final class DashboardSurface implements HttpSurface {
  public static final String PATH = "/ui";
  private static final String COOKIE = "Cookie";

  private final Dashboard dashboard;
  private final Sessions sessions;
  private final BearerTokens tokens;

  public DashboardSurface(Dashboard dashboard, Sessions sessions, BearerTokens tokens) {
    this.dashboard = dashboard;
    this.sessions = sessions;
    this.tokens = tokens;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Answer answer = dashboard.handle(new Asked(exchange));
    exchange.respond(answer.status(), answer.headers(), answer.body());
  }

  /// An exchange, as the dashboard sees it.
  private final class Asked implements Request {
    private final HttpExchange exchange;

    Asked(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public String method() {
      return exchange.method();
    }

    @Override
    public String path() {
      return exchange.path();
    }

    @Override
    public Optional<String> query(String name) {
      return exchange.query(name);
    }

    @Override
    public Optional<String> header(String name) {
      return name.equals(COOKIE) ? cookies() : exchange.header(name);
    }

    /// Over HTTP/2 each may come as a line of its own (RFC 9113, 8.2.3).
    private Optional<String> cookies() {
      List<String> lines = exchange.headerAll(COOKIE);
      return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lines));
    }

    @Override
    public byte[] body(int most) throws IOException {
      return exchange.body(most);
    }

    /// A session ends with the token or the certificate that it was made of, and one made of
    /// another with that one. In the order in which the API server looks at credentials.
    @Override
    public Optional<Proven> caller() {
      Identity identity = exchange.identity();
      if (identity.isAnonymous()) {
        return Optional.empty();
      }
      Optional<Instant> certificateEnd = exchange.certificateEnd();
      if (certificateEnd.isPresent()) {
        return Optional.of(new Proven(Viewers.of(identity), certificateEnd, () -> true));
      }
      Optional<String> authorization = exchange.header("Authorization");
      if (authorization.isPresent()) {
        return Optional.of(
            Viewers.proven(identity, () -> tokens.authenticate(authorization.get()).isPresent()));
      }
      Viewer viewer = Viewers.of(identity);
      return cookies()
          .flatMap(lines -> sessions.admit(lines, Approach.of(this)))
          .map(Session::asProven)
          .map(session -> new Proven(viewer, session.until(), session.holds()));
    }

    @Override
    public String remote() {
      return exchange.remoteAddress();
    }
  }
}
