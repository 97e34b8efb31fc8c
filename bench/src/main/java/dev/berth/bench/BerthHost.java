package dev.berth.bench;

import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A whole Berth, as `berth up` starts it: controller, agent, containers. It must be in a network
/// namespace of its own, which `deploy/bench` sees to; what it runs ends with the run's process
/// namespace at the latest.
final class BerthHost implements AutoCloseable {
  private static final long READY_SECONDS = 90;

  private final Bench bench;
  private final Path data;
  private final Server server;
  private final ApiClient client;

  private BerthHost(Bench bench, Path data, Server server, ApiClient client) {
    this.bench = bench;
    this.data = data;
    this.server = server;
    this.client = client;
  }

  /// Returns when the host is Ready and has nothing to do any more.
  static BerthHost settled(Bench bench) throws IOException, InterruptedException {
    BerthHost host = up(bench);
    try {
      StartCaches.await(bench.launcher());
      host.process().awaitIdle();
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /// Returns when the host is Ready.
  static BerthHost up(Bench bench) throws IOException, InterruptedException {
    return up(bench, List.of());
  }

  /// @param environment more variables, each `NAME=VALUE`
  static BerthHost up(Bench bench, List<String> environment)
      throws IOException, InterruptedException {
    Path data = Files.createDirectories(bench.work().resolve("data"));
    List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
    command.addAll(environment);
    command.addAll(
        List.of(
            bench.launcher().toString(),
            "up",
            "--offline",
            "--data-dir=" + data,
            "--run-dir=" + bench.run().resolve("berth"),
            "--node-name=" + bench.group()));
    Path log = bench.work().resolve("up.log");
    Server server = Server.start(command, log);
    try {
      server.awaitFile(data.resolve("berth.pid"), " ready\n", READY_SECONDS);
      ApiClient client =
          ApiClient.of(Kubeconfig.read(data.resolve("admin.kubeconfig")), new SplittableRandom(1));
      return new BerthHost(bench, data, server, client);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException("berth up did not become ready; its end: " + tail(log), e);
    }
  }

  private static String tail(Path log) throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  ApiClient client() {
    return client;
  }

  Server process() {
    return server;
  }

  Path data() {
    return data;
  }

  /// `berth WORDS`, as a person would type it, to its good end.
  String berth(String... words) throws IOException {
    List<String> line = new ArrayList<>(command());
    line.addAll(List.of(words));
    return Tool.run(line, Optional.of(bench.work()));
  }

  /// What such a line begins with.
  List<String> command() {
    return List.of("/usr/bin/env", "BERTH_DATA_DIR=" + data, bench.launcher().toString());
  }

  /// Builds an image that is nothing but the stamp.
  void makeImage(String name) throws IOException {
    Path context = Files.createDirectories(bench.work().resolve("image"));
    Files.copy(
        bench.stamp(),
        context.resolve("stamp"),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY stamp /stamp\n");
    berth("build", context.toString(), "-t", name);
  }

  /// Stops it with its containers. What it does not manage in time is ended with the run.
  @Override
  public void close() {
    client.close();
    try {
      berth("down");
    } catch (IOException e) {
      System.err.println("bench: " + e.getMessage());
    }
    server.close();
  }
}
