package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsServer;
import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Credentials change on disk while a client lives: two kubeconfigs, one after the other, on one
/// path.
@Timeout(60)
class RenewedCredentialsTest {
  private static final ObjectKey KEY = new ObjectKey("ns", "a");

  private final Path kubeconfig;
  private int writes;

  RenewedCredentialsTest(@TempDir Path dir) {
    kubeconfig = dir.resolve("kubeconfig");
  }

  @BeforeEach
  void noneYet() {
    writes = 0;
  }

  /// Each write has a modification time of its own, however fast the test is.
  private void write(URI server, String cluster, String user) {
    String text =
        "{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: \"%s\"%s}}], users: [{name: u, user: {%s}}]}"
            .formatted(server, cluster, user);
    try {
      Files.writeString(kubeconfig, text);
      Files.setLastModifiedTime(kubeconfig, FileTime.fromMillis(1_000_000L + 1000L * ++writes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeToken(FakeApi api, String token) {
    write(URI.create("http://127.0.0.1:" + api.port()), "", "token: " + token);
    api.put("a", 5, "1");
  }

  private static String value(ApiClient client) {
    return Json.text(client.get(Kinds.CONFIG_MAP, KEY), "data", "v");
  }

  @Test
  void refusedClientReadsItsChangedFileAndAsksAgain() throws IOException {
    try (FakeApi api = new FakeApi(0)) {
      writeToken(api, "one");
      try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
        api.onlyAuthorization = Optional.of("Bearer two");
        ApiException refused = assertThrows(ApiException.class, () -> value(client));
        assertEquals(401, refused.error().code());
        int before = api.requests.size();
        assertThrows(ApiException.class, () -> value(client));
        assertEquals(
            before + 1, api.requests.size(), "an unchanged file is no reason to ask again");
        writeToken(api, "two");
        assertEquals("1", value(client));
        assertEquals("1", value(client));
        assertEquals(before + 4, api.requests.size(), "one request was refused, once");
      }
    }
  }

  @Test
  void watchesAreOpenedWithTheNewOnes() throws Exception {
    try (FakeApi api = new FakeApi(0)) {
      writeToken(api, "one");
      BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
      try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
        api.onlyAuthorization = Optional.of("Bearer two");
        writeToken(api, "two");
        try (Watch watch =
            client.watch(Kinds.CONFIG_MAP, "ns", WatchOptions.from("5"), events::add)) {
          api.send("ADDED", FakeApi.object("b", 6, "2"));
          WatchEvent event = events.poll(30, TimeUnit.SECONDS);
          assertTrue(event != null && watch.isOpen());
        }
      }
    }
  }

  @Test
  void streamedBodyIsNotSentTwice() throws IOException {
    try (FakeApi api = new FakeApi(0)) {
      writeToken(api, "one");
      try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
        api.onlyAuthorization = Optional.of("Bearer two");
        writeToken(api, "two");
        ByteArrayInputStream body = new ByteArrayInputStream(new byte[3]);
        try (var answer =
            client.raw("PUT", "/x", Map.of(), BodyPublishers.ofInputStream(() -> body)).body()) {
          assertTrue(answer.readAllBytes().length > 0);
        }
        assertEquals(1, api.requests.size());
      }
    }
  }

  @Test
  void halfWrittenFileChangesNothingUntilItIsWhole() throws IOException {
    try (FakeApi api = new FakeApi(0)) {
      writeToken(api, "one");
      try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
        api.onlyAuthorization = Optional.of("Bearer two");
        Files.writeString(kubeconfig, "{current-context: ");
        ApiException refused = assertThrows(ApiException.class, () -> value(client));
        assertTrue(refused.error() instanceof ApiError.Unauthorized);
        writeToken(api, "two");
        assertEquals("1", value(client));
      }
    }
  }

  @Test
  void certificateThatTheServerAsksForIsPickedUp() throws IOException {
    HttpsServer server = TlsTest.serverThatNeedsACertificate();
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    String trust = ", certificate-authority-data: " + base64("cert");
    try {
      write(uri, trust, "");
      try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
        SSLContext old = client.sslContext();
        assertThrows(ApiException.class, () -> client.get(Kinds.CONFIG_MAP, KEY));
        assertSame(old, client.sslContext());
        write(
            uri,
            trust,
            "client-certificate-data: "
                + base64("cert")
                + ", client-key-data: "
                + base64("ec-sec1"));
        assertEquals("ConfigMap", Json.text(client.get(Kinds.CONFIG_MAP, KEY), "kind"));
        assertNotSame(old, client.sslContext());
      }
    } finally {
      server.stop(0);
    }
  }

  /// What a server that wants a certificate says may be lost with the connection.
  @Test
  void onlyReadingIsTriedAgainAfterAHangUp() throws IOException {
    try (FakeApi api = new FakeApi(0);
        ServerSocket hangsUp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> hangUp(hangsUp));
      URI old = URI.create("http://127.0.0.1:" + hangsUp.getLocalPort());
      write(old, "", "token: one");
      try (ApiClient reader = ApiClient.fromKubeconfig(kubeconfig);
          ApiClient writer = ApiClient.fromKubeconfig(kubeconfig)) {
        writeToken(api, "two");
        assertEquals("1", value(reader));
        int before = api.requests.size();
        assertThrows(
            ApiException.class,
            () -> writer.create(Kinds.CONFIG_MAP, Json.parseObject(FakeApi.object("b", 1, "2"))));
        assertEquals(before, api.requests.size());
      }
    }
  }

  /// Takes connections and resets each in the middle of a request, until its socket is closed.
  private static void hangUp(ServerSocket server) {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          client.getInputStream().read();
          client.setSoLinger(true, 0);
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(TlsTest.pem(pem).getBytes(StandardCharsets.US_ASCII));
  }
}
