package dev.berth.agent.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Sandbox;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands in a real container, spoken to in records.
class ExecStreamIT {
  @TempDir Path dir;
  private Sandbox box;
  private ContainerSpec spec;
  private Container container;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    spec = box.spec("target", "sleep", "60");
    container = box.containers.start(spec);
  }

  @AfterEach
  void stop() throws Exception {
    box.containers.kill(container);
    box.containers.exit(container).get(20, TimeUnit.SECONDS);
    box.containers.delete(container);
    box.close();
  }

  /// What the client gets, by channel; refuses more than it wants.
  private static final class Client implements Route.Response {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final int wanted;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    Client(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void head(int status, Map<String, String> headers) {}

    @Override
    public void whenGone(Runnable end) {
      var _ = gone.thenRun(end);
    }

    @Override
    public synchronized boolean write(byte[] bytes) {
      all.writeBytes(bytes);
      return all.size() <= wanted;
    }

    synchronized boolean has(String text) {
      return all.toString(StandardCharsets.ISO_8859_1).contains(text);
    }

    synchronized String text(int channel) throws IOException {
      StringBuilder text = new StringBuilder();
      InputStream in = new ByteArrayInputStream(all.toByteArray());
      Optional<Records.Piece> next = Records.read(in);
      while (next.isPresent()) {
        if (next.get().channel() == channel) {
          text.append(new String(next.get().bytes(), StandardCharsets.UTF_8));
        }
        next = Records.read(in);
      }
      return text.toString();
    }
  }

  private static byte[] record(int channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) channel)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  /// A client that sends and then waits.
  private static InputStream waiting(PipedOutputStream to) throws IOException {
    return new PipedInputStream(to, 1 << 20);
  }

  private ExecStream.Opening open(boolean input, boolean terminal, String script) {
    return () -> box.containers.open(container, spec, List.of("sh", "-c", script), input, terminal);
  }

  @Test
  void outputComesApartAndTheExitCodeLast() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.Opening session = open(false, false, "echo out; echo err >&2; exit 7");
      ExecStream.serve("sh", session, waiting(to), client);
    }
    assertEquals("out\n", client.text(Records.STDOUT));
    assertEquals("err\n", client.text(Records.STDERR));
    assertTrue(client.text(Records.ERROR).contains("\"message\":\"7\""));
    await(() -> leftovers().isEmpty());
  }

  @Test
  void inputGoesInUntilItIsClosedAndMegabytesComeBack() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      InputStream body = waiting(to);
      for (int i = 0; i < 12; i++) {
        to.write(record(Records.STDIN, "x".repeat(60_000)));
      }
      to.write(record(Records.CLOSE, "\0"));
      ExecStream.serve("sh", open(true, false, "cat; echo; echo end"), body, client);
    }
    String out = client.text(Records.STDOUT);
    assertEquals(720_000 + "\nend\n".length(), out.length());
    assertTrue(client.text(Records.ERROR).contains("Success"));
  }

  @Test
  void aTerminalIsTheContainersOwnAndHasTheClientsSize() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      InputStream body = waiting(to);
      to.write(record(Records.RESIZE, "{\"Width\":93,\"Height\":41}"));
      to.write(record(Records.STDIN, "read answer; tty; echo $TERM; stty size; exit 3\nyes\n"));
      ExecStream.serve("sh", open(true, true, "exec sh"), body, client);
    }
    String out = client.text(Records.STDOUT);
    assertTrue(out.contains("/dev/pts/0"), out);
    assertTrue(out.contains("xterm"), out);
    assertTrue(out.contains("41 93"), out);
    assertTrue(client.text(Records.ERROR).contains("\"message\":\"3\""), client.text(3));
  }

  @Test
  void aClientThatLeavesHangsUp() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    ExecStream.Opening session =
        open(
            true,
            true,
            "trap 'echo hup > /tmp/seen; exit' HUP; echo begun; while true; do sleep 0.05; done");
    CompletableFuture<Void> served = new CompletableFuture<>();
    PipedOutputStream to = new PipedOutputStream();
    InputStream body = waiting(to);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ExecStream.serve("sh", session, body, client);
                served.complete(null);
              } catch (IOException | InterruptedException e) {
                served.completeExceptionally(e);
              }
            });
    await(() -> client.has("begun"));
    to.close();
    served.get(20, TimeUnit.SECONDS);
    Path seen = container.dir().resolve("upper/tmp/seen");
    await(() -> Files.exists(seen));
    await(() -> leftovers().isEmpty());
    assertEquals("", client.text(Records.ERROR));
  }

  @Test
  void aClientThatTakesNoMoreEndsTheCommandThatWrites() throws Exception {
    Client client = new Client(100_000);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.serve("sh", open(false, false, "while echo yes; do :; done"), waiting(to), client);
    }
    await(() -> leftovers().isEmpty());
    assertEquals("", client.text(Records.ERROR));
  }

  @Test
  void whatACommandLeavesBehindHoldsNobody() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.serve("sh", open(false, false, "sleep 40 & echo begun"), waiting(to), client);
    }
    assertEquals("begun\n", client.text(Records.STDOUT));
    assertTrue(client.text(Records.ERROR).contains("Success"));
  }

  @Test
  void aCommandThatClosesItsOutputIsWaitedFor() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      String script = "exec >&- 2>&-; sleep 0.2; exit 5";
      ExecStream.serve("sh", open(false, false, script), waiting(to), client);
    }
    assertTrue(client.text(Records.ERROR).contains("\"message\":\"5\""));
  }

  @Test
  void aCommandThatIsNotThereIsToldAsAShellDoes() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.serve(
          "/no/such",
          () -> box.containers.open(container, spec, List.of("/no/such"), false, true),
          waiting(to),
          client);
    }
    assertEquals(
        "cannot run /no/such: no such command in the container\n", client.text(Records.STDERR));
    assertTrue(client.text(Records.ERROR).contains("\"message\":\"127\""));
    await(() -> leftovers().isEmpty());
  }

  /// A command of no terminal whose client leaves, with a child that would stay.
  @Test
  void nothingOutlivesAClientThatLeaves() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    PipedOutputStream to = new PipedOutputStream();
    InputStream body = waiting(to);
    CompletableFuture<Void> served = new CompletableFuture<>();
    ExecStream.Opening script =
        open(false, false, "trap : HUP; sleep 1234 & echo begun; while true; do sleep 0.05; done");
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ExecStream.serve("sh", script, body, client);
                served.complete(null);
              } catch (IOException | InterruptedException e) {
                served.completeExceptionally(e);
              }
            });
    await(() -> client.has("begun"));
    assertTrue(runs("1234"));
    to.close();
    served.get(20, TimeUnit.SECONDS);
    await(() -> !runs("1234") && leftovers().isEmpty());
  }

  /// Its input's thread waits for a command that does not read, and so hears of nothing.
  @Test
  void nothingOutlivesAClientThatLeavesWhileItsInputIsBlocked() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    CompletableFuture<Void> served = new CompletableFuture<>();
    PipedOutputStream to = new PipedOutputStream();
    InputStream body = waiting(to);
    for (int i = 0; i < 4; i++) {
      to.write(record(Records.STDIN, "x".repeat(50 * 1024)));
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ExecStream.serve("sh", open(true, false, "exec sleep 1235"), body, client);
                served.complete(null);
              } catch (IOException | InterruptedException e) {
                served.completeExceptionally(e);
              }
            });
    await(() -> runs("1235"));
    to.close();
    client.gone.complete(null);
    served.get(20, TimeUnit.SECONDS);
    await(() -> !runs("1235") && leftovers().isEmpty());
  }

  /// Its descriptors' numbers may be another's by then.
  @Test
  void aSessionThatIsClosedIsHungUpInVain() throws Exception {
    var session = open(false, false, "exit 0").open();
    session.close();
    try (var other = open(false, false, "exit 5").open()) {
      session.hangUp();
      assertEquals(5, other.pump((_, _) -> true));
    }
  }

  private static boolean runs(String argument) {
    return ProcessHandle.allProcesses()
        .anyMatch(
            p -> p.info().arguments().map(a -> List.of(a).equals(List.of(argument))).orElse(false));
  }

  /// Descriptors and processes are as many as before, and no thread of a command is left; what the
  /// virtual machine makes for itself does not count.
  @Test
  void manyCommandsLeaveNothingBehind() throws Exception {
    many(20); // what is made once
    await(() -> leftovers().isEmpty() && threads().isEmpty());
    long descriptors = descriptors();
    Set<Long> children = children();
    many(Integer.getInteger("execs", 200));
    await(() -> leftovers().isEmpty() && threads().isEmpty());
    assertTrue(descriptors() <= descriptors, "descriptors: " + descriptors());
    Set<Long> more = children();
    more.removeAll(children);
    assertEquals(Set.of(), more);
  }

  /// Also those that other tests have left to this process.
  private static Set<Long> children() {
    return ProcessHandle.current()
        .children()
        .map(ProcessHandle::pid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("exec-"))
        .toList();
  }

  /// Pipes, terminals and whatever waits for them.
  private static long descriptors() {
    return Stream.of(Objects.requireNonNull(new File("/proc/self/fd").listFiles()))
        .filter(fd -> link(fd).matches("pipe:.*|anon_inode:.*|.*/pts/.*|.*ptmx"))
        .count();
  }

  private static String link(File fd) {
    try {
      return Files.readSymbolicLink(fd.toPath()).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private void many(int commands) throws Exception {
    for (int i = 0; i < commands; i++) {
      Client client = new Client(Integer.MAX_VALUE);
      try (PipedOutputStream to = new PipedOutputStream()) {
        ExecStream.serve("sh", open(i % 2 == 0, i % 3 == 0, "exit 3"), waiting(to), client);
      }
      assertTrue(client.text(Records.ERROR).contains("\"message\":\"3\""));
    }
  }

  @Test
  void aTerminalThatTheContainerForgesIsNone() throws Exception {
    box.containers.exec(
        container,
        spec,
        List.of("sh", "-c", "rm -rf /dev/pts/* ; rm -f /dev/ptmx; ln -s /etc /dev/ptmx"),
        java.time.Duration.ofSeconds(10));
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.serve("sh", open(false, true, "tty"), waiting(to), client);
    }
    assertTrue(client.text(Records.STDOUT).contains("/dev/pts/"), "devpts itself cannot be forged");
  }

  @Test
  void aRecordThatIsTooLongIsRefused() {
    byte[] header = {0, 0x7f, 0, 0, 0};
    assertThrows(IOException.class, () -> Records.read(new ByteArrayInputStream(header)));
  }

  @Test
  void aCommandLeavesNoCoreFileToTheHost() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    try (PipedOutputStream to = new PipedOutputStream()) {
      ExecStream.serve("sh", open(false, false, "ulimit -Hc"), waiting(to), client);
    }
    assertEquals("0\n", client.text(Records.STDOUT));
  }

  /// What no signal reaches ends all the same, also when the shell is gone before anybody looks.
  @Test
  void whatIgnoresTheEndOfItsTerminalEnds() {
    String script = "trap '' HUP; sleep 4321 & trap - HUP; exec sleep 60";
    for (int i = 0; i < 20; i++) {
      try (var session = open(true, true, script).open()) {
        await(() -> runs("4321"));
        session.hangUp();
      }
      await(() -> !runs("4321"));
    }
  }

  /// An agent that was killed has left it: nobody will ever ask for it again.
  @Test
  void aCommandOfAnEarlierAgentEndsWithItsSession() throws Exception {
    var session = open(true, false, "sleep 4322 & exec sleep 60").open();
    await(() -> runs("4322") && leftovers().size() == 1);
    box.containers.endCommands(container);
    assertFalse(runs("4322"));
    assertTrue(leftovers().isEmpty());
    assertTrue(box.containers.running(container));
    session.close();
  }

  @Test
  void anErrorInTheMiddleLeavesNobodyWaiting() throws Exception {
    Client client = new Client(Integer.MAX_VALUE);
    ExecStream.Opening broken =
        () -> {
          throw new OutOfMemoryError("unable to create native thread"); // as the machine says it
        };
    try (PipedOutputStream to = new PipedOutputStream()) {
      InputStream body = waiting(to);
      for (int i = 0; i <= ExecStream.MOST_COMMANDS; i++) { // and each gives its place back
        assertThrows(
            IllegalStateException.class, () -> ExecStream.serve("sh", broken, body, client));
      }
    }
  }

  /// State directories of commands.
  private List<String> leftovers() {
    List<String> found = new ArrayList<>();
    try (var entries = Files.list(container.dir())) {
      entries
          .map(p -> p.getFileName().toString())
          .filter(n -> n.startsWith("exec"))
          .forEach(found::add);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return found;
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 20 s");
      LockSupport.parkNanos(5_000_000);
    }
  }
}
