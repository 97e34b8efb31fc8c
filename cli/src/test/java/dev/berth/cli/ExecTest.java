package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.term.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test has its own server
class ExecTest {
  private static final int MEGABYTE = 1 << 20;
  private static final InputStream OURS = System.in;
  @TempDir Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private StandInPod server;

  @BeforeEach
  void start() throws IOException {
    server = new StandInPod();
  }

  @AfterEach
  void stop() throws IOException {
    System.setIn(OURS);
    server.close();
  }

  private int exec(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("exec", "--kubeconfig", kubeconfig()));
    all.addAll(List.of(words));
    return run(all);
  }

  private int run(List<String> words) {
    Terminal terminal = Terminal.of(out, err, Map.of(), new Properties());
    int code = Main.run(terminal, words.toArray(String[]::new));
    terminal.flush();
    return code;
  }

  private String kubeconfig() throws IOException {
    Path kubeconfig =
        Files.writeString(
            dir.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: c}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: c, user: {}}]
            """
                .formatted(server.port()));
    return kubeconfig.toString();
  }

  @Test
  void outputsAreKeptApartAndWordsReachTheCommandAsTheyAre() throws IOException {
    assertEquals(0, exec("pod/box", "-c", "side", "--", "sh", "-c", "a b&c"));
    assertEquals("hello\n", out.toString(StandardCharsets.UTF_8));
    assertEquals("oops\n", err.toString(StandardCharsets.UTF_8));
    assertEquals(
        "container=side&command=sh&command=-c&command=a+b%26c"
            + "&stdin=false&stdout=true&tty=false&stderr=true",
        server.asked());
  }

  @Test
  void inputGoesThroughWholeAndTheCodeIsTheCommands() throws IOException {
    System.setIn(new ByteArrayInputStream("x".repeat(MEGABYTE).getBytes(StandardCharsets.UTF_8)));
    assertEquals(7, exec("-i", "box", "--", "cat"), () -> err.toString(StandardCharsets.UTF_8));
    assertEquals("hello\n" + "x".repeat(MEGABYTE), out.toString(StandardCharsets.UTF_8));
    assertTrue(server.asked().startsWith("container=main&"), server.asked());
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertEquals(1, exec("box"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("berth exec box -- COMMAND"));
    assertEquals(1, exec("box", "-c", "nobody", "--", "ls"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("it has main, side"));
    assertEquals(1, exec("nobody", "--", "ls"));
    assertTrue(
        err.toString(StandardCharsets.UTF_8)
            .contains("no ModelApp or Pod or Deployment named \"nobody\""));
  }

  /// Its first line says which port it took.
  @Test
  void aPortHereLeadsToOneOfThePod() throws Exception {
    List<String> words =
        List.of("port-forward", "--kubeconfig", kubeconfig(), "pod/box", ":7", ":8");
    Thread forwarding = Thread.ofPlatform().start(() -> run(words));
    LiveApi.until("both listen", () -> said().lines().count() == 2);
    byte[] sent = new byte[MEGABYTE];
    Arrays.fill(sent, (byte) 'x');
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(0))) {
      Thread.ofVirtual().start(() -> write(socket, sent));
      assertArrayEquals(sent, socket.getInputStream().readNBytes(MEGABYTE));
      write(socket, new byte[] {'.'});
      assertEquals(-1, socket.getInputStream().read(), "the pod has ended it");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(1))) {
      assertEquals(-1, socket.getInputStream().read());
    }
    LiveApi.until(
        "it is said", () -> err.toString(StandardCharsets.UTF_8).contains("nothing listens there"));
    forwarding.interrupt();
    forwarding.join();
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private int port(int line) {
    return Integer.parseInt(
        said()
            .lines()
            .toList()
            .get(line)
            .replaceFirst("Forwarding 127.0.0.1:([0-9]+) -> .*", "$1"));
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsNoPortIsSaid() throws IOException {
    for (String word : List.of("0", "65536", "http", "1:2:3", "8080:")) {
      assertEquals(
          1, run(List.of("port-forward", "--kubeconfig", kubeconfig(), "pod/box", word)), word);
    }
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("for example 8000, 8080:80 or :5432"));
  }

  private int cp(String from, String to) throws IOException {
    return run(List.of("cp", "--kubeconfig", kubeconfig(), from, to));
  }

  @Test
  void filesAreCopiedBothWays() throws IOException {
    Path container = Files.createDirectories(dir.resolve("container/data"));
    Files.writeString(container.resolve("big"), "0123456789".repeat(MEGABYTE / 2));
    Path here = Files.createDirectories(dir.resolve("here"));

    assertEquals(0, cp("box:" + container, here.toString()), err::toString);
    assertEquals(-1, Files.mismatch(container.resolve("big"), here.resolve("data/big")));
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("1 file copied to "));

    assertEquals(0, cp(here.resolve("data/big").toString(), "pod/box:" + container + "/again"));
    assertEquals(-1, Files.mismatch(container.resolve("big"), container.resolve("again")));
    assertEquals(0, cp(here.toString(), "box:" + container), "a folder that is there");
    assertTrue(Files.exists(container.resolve("here/data/big")));
  }

  @Test
  void whatCannotBeCopiedSaysWhy() throws IOException {
    assertEquals(1, cp("box:" + dir + "/nothing", dir.resolve("x").toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("nothing was copied: tar: "));
    assertEquals(1, cp("a", "b"));
    assertEquals(1, cp(dir.resolve("none").toString(), "box:/x"));
    server.loseTools();
    assertEquals(1, cp("box:/etc/hosts", dir.resolve("x").toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("the container has no tar"));
  }

  /// As of `berth logs -f | head`.
  @Test
  void followingALogEndsWhenNobodyReads() throws IOException {
    OutputStream head =
        new OutputStream() {
          private int lines;

          @Override
          public void write(int b) throws IOException {
            lines += b == '\n' ? 1 : 0;
            if (lines > 10) {
              throw new IOException("Broken pipe");
            }
          }
        };
    Terminal terminal = Terminal.of(head, err, Map.of(), new Properties());
    assertEquals(
        0,
        Main.run(terminal, "logs", "pod/box", "-f", "--kubeconfig", kubeconfig()),
        err::toString);
  }
}
