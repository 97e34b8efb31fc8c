package dev.berth.cli;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import dev.berth.controller.Controller;
import dev.berth.controller.ControllerConfig;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A controller of its own without any node, and the command against it. Nothing runs there: a test
/// that needs a pod's status writes it, as an agent would.
final class LiveApi implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What a command did.
  record Ran(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private final Path dir;
  private final Controller controller;
  final ApiClient client;

  private LiveApi(Path dir, Controller controller) {
    this.dir = dir;
    this.controller = controller;
    this.client = ApiClient.fromKubeconfig(controller.adminKubeconfig());
  }

  static LiveApi start() throws IOException {
    Path dir = Files.createTempDirectory("berth-cli-");
    Controller controller =
        Controller.start(
            new ControllerConfig(
                dir,
                "127.0.0.1",
                0,
                Cidr.parse("10.244.0.0/16"),
                Cidr.parse("10.96.0.0/16"),
                List.of()));
    return new LiveApi(dir, controller);
  }

  Ran berth(String... words) {
    Going going = new Going();
    int code = going.run(words);
    return new Ran(code, going.out(), going.err.toString(StandardCharsets.UTF_8));
  }

  /// A command that goes on until it is closed.
  final class Going implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean unread;

    private final OutputStream pipe =
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (unread) {
              throw new IOException("Broken pipe");
            }
            out.write(bytes, from, length);
          }
        };

    /// As `head` does when it has enough.
    void leaveUnread() {
      unread = true;
    }

    boolean hasEnded() {
      return thread.stream().noneMatch(Thread::isAlive);
    }

    private int run(String... words) {
      List<String> all = new ArrayList<>(List.of(words));
      int end = all.contains("--") ? all.indexOf("--") : all.size();
      all.addAll(end, List.of("--kubeconfig", controller.adminKubeconfig().toString()));
      Terminal terminal = Terminal.of(pipe, err, Map.of(), new Properties());
      int code = Main.run(terminal, all.toArray(String[]::new));
      terminal.flush();
      return code;
    }

    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
      return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      thread.ifPresent(Thread::interrupt);
    }
  }

  Going start(String... words) {
    Going going = new Going();
    going.thread = Optional.of(Thread.ofPlatform().start(() -> going.run(words)));
    return going;
  }

  /// A namespace of the test's own.
  void namespace(String name) {
    create(
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}"
            .formatted(name));
  }

  ObjectNode create(String json) {
    ObjectNode object = Json.parseObject(json);
    return client.create(
        Kinds.all().stream()
            .filter(type -> type.kind().equals(Json.text(object, "kind")))
            .filter(type -> type.gvk().apiVersion().equals(Json.text(object, "apiVersion")))
            .findFirst()
            .orElseThrow(),
        object);
  }

  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    controller.close();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
