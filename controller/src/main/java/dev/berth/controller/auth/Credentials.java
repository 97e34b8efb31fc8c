package dev.berth.controller.auth;

import java.security.KeyPair;
import java.security.cert.X509Certificate;

/// A key with the certificate that speaks for it.
public record Credentials(KeyPair key, X509Certificate certificate) {
  public String certificatePem() {
    return Pem.certificate(certificate);
  }

  public String keyPem() {
    return Pem.key(key.getPrivate());
  }
}
