package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.auth.BearerTokens;
import dev.berth.controller.auth.BrowserSessions;
import dev.berth.controller.auth.ClientCertificates;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.auth.Impersonation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Certificate, then token, then the cookie of a browser, else anonymous; then impersonation. What
/// was shown and is wrong is refused, not ignored; only a cookie may be older than its session.
public final class Authentication {
  private static final String CSRF = "X-Berth-Csrf";

  /// A page cannot choose the headers of a WebSocket, so it offers the word as a protocol more.
  private static final String CSRF_PROTOCOL = "csrf.berth.dev.";

  private final ClientCertificates certificates;
  private final BearerTokens tokens;
  private final BrowserSessions sessions;
  private final Impersonation impersonation;

  public Authentication(
      ClientCertificates certificates,
      BearerTokens tokens,
      BrowserSessions sessions,
      Impersonation impersonation) {
    this.certificates = certificates;
    this.tokens = tokens;
    this.sessions = sessions;
    this.impersonation = impersonation;
  }

  /// Who acts: the one who sent the request, or the one that it may and wants to be taken for.
  Identity of(HttpServerRequest request) {
    return acting(requester(request), request);
  }

  /// Whom `requester` wants and may be taken for; itself where it names nobody.
  Identity acting(Identity requester, HttpServerRequest request) {
    return impersonation
        .apply(requester, request.headers().names(), name -> request.headers().getAll(name))
        .asAuthenticated();
  }

  /// Who sent the request.
  Identity requester(HttpServerRequest request) {
    return shown(request).asAuthenticated();
  }

  private Identity shown(HttpServerRequest request) {
    Certificate[] chain = chain(request.sslSession());
    if (chain.length > 0) {
      return certificates
          .authenticate(chain)
          .orElseThrow(
              () ->
                  unauthorized(
                      "the client certificate is not one of this cluster, or has expired"));
    }
    String authorization = request.getHeader("Authorization");
    if (authorization == null) {
      return browser(request);
    }
    return tokens
        .authenticate(authorization)
        .orElseThrow(() -> unauthorized("the credentials are not valid here"));
  }

  private Identity browser(HttpServerRequest request) {
    List<String> cookies = request.headers().getAll("Cookie");
    if (cookies.isEmpty()) {
      return Identity.ANONYMOUS;
    }
    Optional<String> host = Optional.ofNullable(request.authority()).map(HostAndPort::toString);
    return sessions
        .identify(
            new BrowserSessions.Shown(
                request.method().name(),
                Objects.requireNonNullElse(request.path(), "/"),
                upgrades(request),
                String.join("; ", cookies),
                Optional.ofNullable(request.getHeader("Origin")),
                host,
                word(request)))
        .orElse(Identity.ANONYMOUS);
  }

  private static boolean upgrades(HttpServerRequest request) {
    return request.getHeader("Upgrade") != null;
  }

  private static Optional<String> word(HttpServerRequest request) {
    Optional<String> header = Optional.ofNullable(request.getHeader(CSRF));
    return header.isPresent() || !upgrades(request)
        ? header
        : request.headers().getAll("Sec-WebSocket-Protocol").stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .filter(protocol -> protocol.startsWith(CSRF_PROTOCOL))
            .map(protocol -> protocol.substring(CSRF_PROTOCOL.length()))
            .findFirst();
  }

  private static ApiException unauthorized(String why) {
    return new ApiException(new ApiError.Unauthorized("Unauthorized: " + why));
  }

  /// The end of the client's own certificate; empty where it showed none.
  static Optional<Instant> certificateEnd(HttpServerRequest request) {
    return Arrays.stream(chain(request.sslSession()))
        .findFirst()
        .filter(X509Certificate.class::isInstance)
        .map(leaf -> ((X509Certificate) leaf).getNotAfter().toInstant());
  }

  private static Certificate[] chain(@Nullable SSLSession session) {
    try {
      return session == null ? new Certificate[0] : session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return new Certificate[0];
    }
  }
}
