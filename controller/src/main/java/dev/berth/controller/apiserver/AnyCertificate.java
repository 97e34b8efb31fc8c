package dev.berth.controller.apiserver;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/// Lets every client certificate, or none, through the handshake. [Authentication] verifies them: a
/// wrong certificate then gets a 401 that says so instead of a broken connection.
final class AnyCertificate implements X509TrustManager {
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("this side is the server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
