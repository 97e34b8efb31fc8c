package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The keys here were made for these tests and open nothing.
class TlsTest {

  static String pem(String name) {
    try (InputStream in =
        Objects.requireNonNull(TlsTest.class.getResourceAsStream(name + ".pem"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ec-sec1, EC",
    "ec-sec1-p384, EC",
    "ec-pkcs8, EC",
    "rsa-pkcs1, RSA",
    "rsa-pkcs8, RSA"
  })
  void everyUsualFormOfAKeyIsRead(String file, String algorithm) throws GeneralSecurityException {
    assertEquals(algorithm, Tls.privateKey(pem(file)).getAlgorithm());
  }

  @Test
  void olderAndNewerFormAreTheSameKey() throws GeneralSecurityException {
    ECPrivateKey newer = assertInstanceOf(ECPrivateKey.class, Tls.privateKey(pem("ec-pkcs8")));
    ECPrivateKey older = assertInstanceOf(ECPrivateKey.class, Tls.privateKey(pem("ec-sec1")));
    assertEquals(newer.getS(), older.getS());
    assertEquals(Tls.privateKey(pem("rsa-pkcs8")), Tls.privateKey(pem("rsa-pkcs1")));
    ECPrivateKey p384 = assertInstanceOf(ECPrivateKey.class, Tls.privateKey(pem("ec-sec1-p384")));
    assertEquals(384, p384.getParams().getOrder().bitLength());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\noAA=\n-----END EC PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n////\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void whatIsNoKeyIsRefused(String pem) {
    assertThrows(GeneralSecurityException.class, () -> Tls.privateKey(pem));
  }

  /// Answers everything with an empty config map; the caller stops it.
  static HttpsServer serverThatNeedsACertificate() throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext both =
        Tls.context(
            Optional.of(pem("cert")), Optional.of(pem("cert")), Optional.of(pem("ec-sec1")));
    server.setHttpsConfigurator(new NeedsClientCertificate(both));
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"kind\":\"ConfigMap\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void clientShowsItsCertificateAndTrustsOnlyTheAuthority() throws IOException {
    HttpsServer server = serverThatNeedsACertificate();
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    Optional<String> certificate = Optional.of(pem("cert"));
    try (ApiClient known = client(uri, certificate, certificate);
        ApiClient anonymous = client(uri, certificate, Optional.empty());
        ApiClient trusting = client(uri, Optional.empty(), certificate)) {
      ObjectKey key = new ObjectKey("ns", "a");
      assertEquals("ConfigMap", Json.text(known.get(Kinds.CONFIG_MAP, key), "kind"));
      assertThrows(RuntimeException.class, () -> anonymous.get(Kinds.CONFIG_MAP, key));
      RuntimeException untrusted =
          assertThrows(RuntimeException.class, () -> trusting.get(Kinds.CONFIG_MAP, key));
      assertTrue(String.valueOf(untrusted.getMessage()).startsWith("cannot reach"));
    } finally {
      server.stop(0);
    }
  }

  private static ApiClient client(
      URI server, Optional<String> authority, Optional<String> certificate) {
    Optional<String> key = certificate.map(_ -> pem("ec-sec1"));
    return ApiClient.of(
        new Kubeconfig(server, authority, certificate, key, Optional.empty(), "default"),
        new Random(1));
  }

  private static final class NeedsClientCertificate extends HttpsConfigurator {
    NeedsClientCertificate(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters need = getSSLContext().getDefaultSSLParameters();
      need.setNeedClientAuth(true);
      parameters.setSSLParameters(need);
    }
  }

  @Test
  void contextNeedsNeitherAuthorityNorCertificate() {
    assertDoesNotThrow(() -> Tls.context(Optional.empty(), Optional.empty(), Optional.empty()));
  }
}
