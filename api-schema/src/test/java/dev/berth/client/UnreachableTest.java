package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class UnreachableTest {
  @Test
  void onlyACertificateIsACertificatesFault() {
    SSLException certificate = new SSLHandshakeException("PKIX path building failed");
    certificate.initCause(new CertificateException("unknown"));
    assertEquals(
        "its certificate is not accepted: PKIX path building failed", Unreachable.why(certificate));
  }

  @Test
  void aServerThatSpeaksPlainHttpIsToldSo() {
    assertEquals(
        "it does not speak TLS (https)",
        Unreachable.why(new SSLException("Unsupported or unrecognized SSL message")));
  }

  @Test
  void aServerThatHangsUpInTheHandshakeIsToldSo() {
    assertEquals(
        "the TLS handshake failed: Remote host terminated the handshake",
        Unreachable.why(new SSLHandshakeException("Remote host terminated the handshake")));
  }
}
