package dev.berth.agent.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Input;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.logs.LogReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real containers that somebody types into, as records of one client after the other.
@SuppressWarnings("NullAway.Init") // each test starts its own container
class AttachStreamIT {
  private static final LogQuery FROM_NOW =
      new LogQuery(true, false, OptionalLong.of(0), OptionalLong.empty(), Optional.empty());

  private static final int PIECE = 32 * 1024;

  @TempDir Path dir;
  private Sandbox box;
  private ContainerSpec spec;
  private Container container;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
  }

  @AfterEach
  void stop() throws Exception {
    box.containers.kill(container);
    box.containers.exit(container).get(20, TimeUnit.SECONDS);
    box.containers.delete(container);
    box.close();
  }

  private void run(Input input, String script) {
    spec = box.spec("target", "sh", "-c", script).reading(input);
    container = box.containers.start(spec);
  }

  /// Somebody attached, with what is shown by channel.
  private final class Client implements Route.Response, AutoCloseable {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final PipedOutputStream typed = new PipedOutputStream();
    private final CompletableFuture<Void> served = new CompletableFuture<>();

    /// Whatever agent serves: nothing is shared with one before it but the container's files.
    Client(boolean once) throws IOException {
      Container found = box.containers.adopt(spec.dir(), spec.id(), spec.cgroup()).orElseThrow();
      InputStream body = new PipedInputStream(typed, 1 << 16);
      CompletableFuture<Void> follows = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  AttachStream.serve(
                      sink ->
                          new LogReader(spec.log(), FROM_NOW, sink)
                              .read(() -> !box.containers.running(found)),
                      () -> {
                        var input = box.containers.input(found, spec.input(), once);
                        follows.complete(null);
                        return input;
                      },
                      true,
                      body,
                      this);
                  served.complete(null);
                } catch (IOException | InterruptedException | RuntimeException e) {
                  served.completeExceptionally(e);
                }
              });
      follows.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void head(int status, Map<String, String> headers) {}

    @Override
    public synchronized boolean write(byte[] bytes) {
      all.writeBytes(bytes);
      return true;
    }

    private String text(int channel) {
      return new String(bytes(channel), StandardCharsets.UTF_8);
    }

    private synchronized byte[] bytes(int channel) {
      ByteArrayOutputStream found = new ByteArrayOutputStream();
      InputStream in = new ByteArrayInputStream(all.toByteArray());
      try {
        Optional<Records.Piece> next = Records.read(in);
        while (next.isPresent()) {
          Records.Piece piece = next.get();
          if (piece.channel() == channel) {
            found.writeBytes(piece.bytes());
          }
          next = Records.read(in);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return found.toByteArray();
    }

    void record(int channel, byte[] bytes) throws IOException {
      typed.write(
          ByteBuffer.allocate(5 + bytes.length)
              .put((byte) channel)
              .putInt(bytes.length)
              .put(bytes)
              .array());
      typed.flush();
    }

    void type(String text) throws IOException {
      record(Records.STDIN, text.getBytes(StandardCharsets.UTF_8));
    }

    void sees(String text) {
      sees(Records.STDOUT, text);
    }

    void sees(int channel, String text) {
      await(() -> text(channel).contains(text), () -> text(channel));
    }

    /// Leaves.
    @Override
    public void close() throws IOException {
      typed.close();
      served.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aTerminalIsTypedAtByOneAfterTheOtherAndSizedByEach() throws Exception {
    run(Input.TERMINAL, "exec sh -i");
    try (Client first = new Client(false)) {
      first.type("tty; stty -echo; x=kept\n");
      first.sees("/dev/pts/0");
      first.record(
          Records.RESIZE, "{\"Width\":123,\"Height\":45}".getBytes(StandardCharsets.UTF_8));
      first.type("stty size; echo tty > /dev/tty\n");
      first.sees("45 123\r\n");
      first.type("printf 'no end: '; sleep 60\n");
      first.sees("no end: ");
      assertEquals("", first.text(Records.STDERR));
    }
    assertTrue(box.containers.running(container), "it outlives its client");
    try (Client second = new Client(false)) {
      second.record(
          Records.RESIZE, "{\"Width\":80,\"Height\":24}".getBytes(StandardCharsets.UTF_8));
      second.type("\u0003");
      second.type("stty size; echo $x\n");
      second.sees("24 80\r\nkept\r\n");
      second.type("exit 7\n");
      second.sees(Records.ERROR, "Success");
    }
    assertEquals(7, box.containers.exit(container).get(20, TimeUnit.SECONDS).code());
  }

  /// All of what a program prints at its very end comes, and the log has it as lines.
  @Test
  void theLogOfATerminalHasWhatItPrinted() throws Exception {
    run(Input.TERMINAL, "seq 1 5000; printf last");
    assertEquals(0, box.containers.exit(container).get(20, TimeUnit.SECONDS).code());
    StringBuilder text = new StringBuilder();
    new LogReader(
            spec.log(),
            LogQuery.ALL,
            bytes -> {
              text.append(new String(bytes, StandardCharsets.UTF_8));
              return true;
            })
        .read(() -> true);
    assertTrue(text.toString().startsWith("1\r\n2\r\n"));
    assertTrue(text.toString().endsWith("4999\r\n5000\r\nlast"), () -> tail(text));
    assertEquals("5000\r\nlast", LogReader.lastLines(spec.log(), 2, 100));
  }

  private static String tail(StringBuilder text) {
    return text.substring(Math.max(0, text.length() - 60));
  }

  /// A keeper that spins would have a core of its own.
  @Test
  void aTerminalThatNobodyHoldsIsNoBusyLoop() throws Exception {
    run(Input.TERMINAL, "exec sleep 60 0<&- 1>&- 2>&-");
    Path output = Path.of("/proc", Integer.toString(container.pid()), "fd/1");
    await(() -> !Files.exists(output, LinkOption.NOFOLLOW_LINKS), () -> "it is open");
    for (int i = 0; i < 50; i++) {
      assertEquals("S", state(container.keeper()), "its keeper waits");
    }
  }

  private static String state(int pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
  }

  @Test
  void aPipeStaysOpenForTheNextOne() throws Exception {
    run(Input.PIPE, "echo oops >&2; exec cat");
    try (Client first = new Client(false)) {
      first.type("one\n");
      first.sees("one\n");
      first.record(Records.CLOSE, new byte[] {Records.STDIN});
    }
    try (Client second = new Client(false)) {
      second.type("tw");
      second.sees("tw");
      second.type("o\n");
      second.sees("two\n");
      assertFalse(second.text(Records.STDOUT).contains("one"), "from now on");
    }
    assertTrue(box.containers.running(container));
    assertTrue(box.log("target").contains(" stderr F oops\n"));
  }

  @Test
  void theFirstOneAloneTypesWhereInputIsOnce() throws Exception {
    run(Input.PIPE, "cat; echo over >&2; exec sleep 60");
    try (Client first = new Client(true)) {
      first.type("one\n");
      first.sees("one\n");
      first.record(Records.CLOSE, new byte[] {Records.STDIN});
      first.sees(Records.STDERR, "over\n");
    }
    assertTrue(box.containers.input(container, Input.PIPE, true).isEmpty());
  }

  /// As `kubectl run -i --rm ... < FILE` has it.
  @ParameterizedTest
  @ValueSource(ints = {0, 10, 1 << 20})
  void everyByteOfAFileArrivesOnceAndTheCommandEnds(int size) throws Exception {
    byte[] file = new byte[size];
    new Random(size).nextBytes(file);
    run(Input.PIPE, "exec cat");
    try (Client client = new Client(true)) {
      for (int at = 0; at < size; at += PIECE) {
        client.record(Records.STDIN, Arrays.copyOfRange(file, at, Math.min(size, at + PIECE)));
      }
      client.record(Records.CLOSE, new byte[] {Records.STDIN});
      client.sees(Records.ERROR, "Success");
      assertArrayEquals(file, client.bytes(Records.STDOUT));
    }
    assertEquals(0, box.containers.exit(container).get(20, TimeUnit.SECONDS).code());
  }

  /// As when an agent is killed: its descriptors are closed, and nobody says goodbye.
  @Test
  void theInputEndsWithItsOnlyHolder() throws Exception {
    run(Input.PIPE, "cat; exit 4");
    box.containers.input(container, Input.PIPE, true).orElseThrow().close();
    assertEquals(4, box.containers.exit(container).get(20, TimeUnit.SECONDS).code());
  }

  /// More than the pipe holds is typed to somebody who does not read: the client leaves all the
  /// same.
  @Test
  void whoDoesNotReadHoldsNobody() throws Exception {
    run(Input.PIPE, "trap 'exit 3' TERM; while true; do sleep 0.05; done");
    try (Client client = new Client(false)) {
      for (int i = 0; i < 3; i++) {
        client.record(Records.STDIN, new byte[30_000]);
      }
      box.containers.terminate(container);
      client.sees(Records.ERROR, "Success");
    }
  }

  @Test
  void oneThatReadsNothingEndsItsInputAtOnce() throws Exception {
    run(Input.NONE, "cat; exit 5");
    assertTrue(box.containers.input(container, Input.NONE, false).isEmpty());
    assertEquals(5, box.containers.exit(container).get(20, TimeUnit.SECONDS).code());
  }

  private static void await(
      java.util.function.BooleanSupplier condition, java.util.function.Supplier<String> found) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "not within 20 s: " + found.get());
      LockSupport.parkNanos(5_000_000);
    }
  }
}
