package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The command against a server that answers what the test says.
@SuppressWarnings("NullAway.Init") // JUnit makes them
class DashboardTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  @TempDir Path temp;
  private HttpServer server;
  private int code = 200;
  private String answer = "{\"path\":\"/ui/#login=c0de\",\"expiresSeconds\":120}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theLinkIsForTheServerAndTheUserOfTheKubeconfig() throws IOException {
    assertEquals(0, dashboard(), said(err));
    assertEquals(origin() + "/ui/#login=c0de\n", said(out));
    assertEquals(List.of("POST /ui/api/login-link Bearer viewers-own"), asked);
    assertTrue(said(err).contains("It works once, within 2m"), said(err));
  }

  @Test
  void aLinkToAnotherServerIsNotPrinted() throws IOException {
    for (String path : List.of("//evil.example/ui/#login=c", "@evil.example/", "/ui/\\n#x", "")) {
      answer = "{\"path\":\"" + path + "\",\"expiresSeconds\":120}";
      assertEquals(1, dashboard(), path);
    }
    assertEquals("", said(out));
  }

  @Test
  void whatTheServerRefusesIsSaid() throws IOException {
    code = 401;
    answer =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Unauthorized",
         "message":"the token is over","code":401}""";
    assertEquals(1, dashboard());
    assertTrue(said(err).contains("the token is over"), said(err));
    code = 404;
    answer =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound",
         "message":"the server could not find the requested resource","code":404}""";
    assertEquals(1, dashboard());
    assertTrue(said(err).contains("has no dashboard"), said(err));
    code = 200;
    answer = "<html>";
    assertEquals(1, dashboard());
    assertTrue(said(err).contains("is not Berth"), said(err));
  }

  @Test
  @ExtendWith(Live.class)
  void theRealServerGivesOneThatWorksOnce(LiveApi api) {
    LiveApi.Ran ran = api.berth("dashboard");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(
        ran.out().matches("https://127\\.0\\.0\\.1:[0-9]+/ui/#login=[\\w-]{20,}\n"), ran.out());
  }

  private String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int dashboard() throws IOException {
    Path kubeconfig =
        Files.writeString(
            temp.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: one
            contexts: [{name: one, context: {cluster: one, user: one}}]
            clusters: [{name: one, cluster: {server: "%s"}}]
            users: [{name: one, user: {token: viewers-own}}]
            """
                .formatted(origin()));
    Terminal terminal = Terminal.of(out, err, Map.of(), new Properties());
    int ended = Main.run(terminal, "dashboard", "--kubeconfig", kubeconfig.toString());
    terminal.flush();
    return ended;
  }

  private static String said(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
