package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerInput;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExecSession;
import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// A running container of a pod, found by its files, for somebody who wants to run a command in it
/// or to talk to it.
public final class Inside {
  private static final LogQuery FROM_NOW =
      new LogQuery(true, false, OptionalLong.of(0), OptionalLong.empty(), Optional.empty());

  private final PodHost host;
  private final Container container;
  private final ContainerSpec spec;
  private final JsonNode wish;
  private final Path log;

  private Inside(PodHost host, Container container, ContainerSpec spec, JsonNode wish, Path log) {
    this.host = host;
    this.container = container;
    this.spec = spec;
    this.wish = wish;
    this.log = log;
  }

  /// The newest attempt of the container, if it runs.
  static Optional<Inside> of(PodHost host, PodSpec pod, String name) {
    return pod.containers().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .flatMap(wish -> newest(host, pod, wish));
  }

  private static Optional<Inside> newest(PodHost host, PodSpec pod, ContainerWish wish) {
    String name = wish.name();
    return Attempts.newestFirst(host.podDir(pod.uid()).resolve(name)).stream()
        .findFirst()
        .flatMap(newest -> known(host, pod, name, newest))
        .filter(host.containers()::running)
        .map(
            c ->
                new Inside(
                    host,
                    c,
                    SpecBuilder.forExec(host, pod, name, c),
                    wish.tree(),
                    log(host, pod, name, Attempts.number(c.dir()))));
  }

  private static Path log(PodHost host, PodSpec pod, String name, int attempt) {
    return PodHost.logFile(
        host.dataDir(), pod.key().namespace(), pod.key().name(), pod.uid(), name, attempt);
  }

  private static Optional<Container> known(PodHost host, PodSpec pod, String name, Path dir) {
    return host.containers().known(dir, PodHost.id(pod.uid(), name, Attempts.number(dir)));
  }

  /// As the container's own user, with its variables and its rights, and no more. Blocks in native
  /// code: never on a virtual thread.
  public ExecSession exec(List<String> command, boolean input, boolean terminal) {
    return host.containers().open(container, spec, command, input, terminal);
  }

  /// What the container writes from now on, until it has ended or nobody listens any more.
  public void follow(LogReader.Sink sink) throws IOException, InterruptedException {
    new LogReader(log, FROM_NOW, sink).read(() -> !host.containers().running(container));
  }

  /// Whether the container takes what somebody types.
  public boolean reads() {
    return wish.path("stdin").asBoolean(false);
  }

  /// The container's own input, or its terminal; empty when it has none, or when that has ended.
  /// Blocks in native code: never on a virtual thread.
  ///
  /// @param types whether somebody will type; a terminal's size may be told without that
  public Optional<ContainerInput> input(boolean types) {
    boolean once = types && wish.path("stdinOnce").asBoolean(false);
    return host.containers().input(container, SpecBuilder.input(wish), once);
  }
}
