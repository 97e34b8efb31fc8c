package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.berth.api.Json;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsProbeTest {
  private static final String PASSWORD = "secret";

  @TempDir Path dir;

  /// One that nobody has signed, for another name.
  private SSLContext selfSigned() throws Exception {
    Path store = dir.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "pod",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=elsewhere.example",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    store.toString()))
            .inheritIO()
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void aProbeTakesAnyCertificate() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    server.createContext(
        "/healthz",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      String probe =
          "{\"httpGet\":{\"scheme\":\"HTTPS\",\"path\":\"/healthz\",\"port\":%d},\"timeoutSeconds\":20}"
              .formatted(server.getAddress().getPort());
      ProbeTarget target =
          new ProbeTarget("127.0.0.1", 1, (_, _) -> new ProbeTarget.Result(0, ""), () -> false);
      assertEquals(
          Outcome.good(),
          new Prober()
              .ask(Probe.read(Json.parseObject(probe), Json.object()).orElseThrow(), target));
    } finally {
      server.stop(0);
    }
  }
}
