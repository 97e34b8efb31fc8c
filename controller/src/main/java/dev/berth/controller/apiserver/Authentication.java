package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.auth.ClientCertificates;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.auth.StaticToken;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Certificate, then token, else anonymous. What was shown and is wrong is refused, not ignored.
public final class Authentication {
  private final ClientCertificates certificates;
  private final StaticToken token;

  public Authentication(ClientCertificates certificates, StaticToken token) {
    this.certificates = certificates;
    this.token = token;
  }

  Identity of(HttpServerRequest request) {
    Certificate[] chain = shown(request.sslSession());
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
      return Identity.ANONYMOUS;
    }
    return token
        .authenticate(authorization)
        .orElseThrow(() -> unauthorized("the credentials are not valid here"));
  }

  private static ApiException unauthorized(String why) {
    return new ApiException(new ApiError.Unauthorized("Unauthorized: " + why));
  }

  private static Certificate[] shown(@Nullable SSLSession session) {
    try {
      return session == null ? new Certificate[0] : session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return new Certificate[0];
    }
  }
}
