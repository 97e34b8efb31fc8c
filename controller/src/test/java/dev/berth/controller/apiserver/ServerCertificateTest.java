package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Cidr;
import dev.berth.controller.Anonymous;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.auth.BearerTokens;
import dev.berth.controller.auth.ClientCertificates;
import dev.berth.controller.auth.Credentials;
import dev.berth.controller.auth.Impersonation;
import dev.berth.controller.auth.Pki;
import dev.berth.controller.auth.ServiceAccountTokens;
import dev.berth.controller.auth.StaticToken;
import dev.berth.controller.auth.TokenKey;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.storage.InMemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client sees of the server's key and certificate.
class ServerCertificateTest {
  private static final InstantSource CLOCK = Clock.systemUTC();

  @TempDir Path directory;

  private Pki pki(String name) throws IOException {
    return Pki.open(directory.resolve(name), CLOCK, List.of("127.0.0.1"), "node");
  }

  private ApiServer start(Pki pki) throws IOException {
    Random random = new Random(1);
    Resources resources =
        new Resources(
            new InMemoryStore(100),
            CLOCK,
            () -> UUID.randomUUID().toString(),
            random,
            Cidr.parse("10.96.0.0/16"));
    return ApiServer.start(
        "127.0.0.1",
        0,
        pki.serving(),
        new Authentication(
            new ClientCertificates(pki.ca().certificate(), CLOCK),
            new BearerTokens(
                StaticToken.open(directory.resolve("token")),
                new ServiceAccountTokens(
                    ServerCertificateTest::noKey, resources, CLOCK, () -> "1")),
            _ -> Optional.empty(),
            new Impersonation(new Authorizer(resources))),
        exchange -> exchange.respond(200, Map.of(), exchange.body(1_000)),
        new NodeTunnels(new Authorizer(resources)),
        new WatchStreams(resources, CLOCK, random),
        new ApiServer.Handling(
            new AuditTrail(Optional.empty(), resources.kinds()),
            CLOCK,
            () -> "id",
            Duration.ofMillis(300)));
  }

  private static TokenKey noKey() {
    throw new IllegalStateException("no token is checked here");
  }

  private static Certificate shown(ApiServer server, String protocol) throws Exception {
    SSLContext trusting = Anonymous.trustingAnything();
    try (SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void bothVersionsOfTlsShowTheCertificateAndARenewedOneIsShownToTheNextClient() throws Exception {
    Credentials renewed = pki("b").serving();
    Pki first = pki("a");
    try (ApiServer server = start(first)) {
      assertEquals(first.serving().certificate(), shown(server, "TLSv1.3"));
      assertEquals(first.serving().certificate(), shown(server, "TLSv1.2"));
      server.reload(renewed).toCompletableFuture().join();
      assertEquals(renewed.certificate(), shown(server, "TLSv1.3"));
    }
  }

  @Test
  void noProviderStaysBehindThatStoodInForBouncyCastle() {
    ApiServer.prepare();
    assertNull(Security.getProvider("BC"));
  }

  /// All that the server says before it closes the connection.
  private String answer(String request) throws Exception {
    try (ApiServer server = start(pki("pki"));
        SSLSocket socket =
            (SSLSocket)
                Anonymous.trustingAnything()
                    .getSocketFactory()
                    .createSocket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whoSendsHalfABodyIsGivenUp() throws Exception {
    String answer = answer("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n0123456789");
    assertTrue(answer.contains("\"reason\":\"Timeout\""), answer);
  }

  @Test
  void whoSendsHalfAHeadIsGivenUp() throws Exception {
    assertEquals("", answer("GET /a HTTP/1.1\r\nHost: a\r\n"));
  }
}
