package dev.berth.e2e.clients;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A released client, by the file that it is.
///
/// @param program kubectl or helm
/// @param major of its version
/// @param minor of its version
record Client(String program, int major, int minor, Path file) implements Comparable<Client> {
  /// Where `.ci/run` puts them.
  static final String DIRECTORY = "berth.clients.dir";

  /// More than the longest time that a command itself is told to wait.
  private static final int PATIENCE_SECONDS = 200;

  /// All that are there, kubectl before helm, each from old to new; empty where nobody fetched any.
  static List<Client> found() throws IOException {
    Optional<Path> dir = Optional.ofNullable(System.getProperty(DIRECTORY)).map(Path::of);
    if (dir.isEmpty() || !Files.isDirectory(dir.get())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir.get())) {
      return files.flatMap(file -> of(file).stream()).sorted().toList();
    }
  }

  private static Optional<Client> of(Path file) {
    String[] words = file.getFileName().toString().split("[-.]", -1);
    return words.length == 3 && words[0].matches("kubectl|helm")
        ? Optional.of(
            new Client(
                words[0],
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                file.toAbsolutePath()))
        : Optional.empty();
  }

  String version() {
    return major + "." + minor;
  }

  /// A namespace of its own: others run beside it.
  String namespace() {
    return program + "-" + major + "-" + minor;
  }

  private Path home(TestHost host) throws IOException {
    return Files.createDirectories(host.dir().resolve("home-" + namespace()));
  }

  /// A home of its own too: a client keeps there what it has discovered.
  private List<String> command(TestHost host, List<String> words) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "env",
                "-i",
                "PATH=/usr/bin:/bin",
                "HOME=" + home(host),
                "KUBECONFIG=" + host.dataDir().resolve("admin.kubeconfig"),
                "KUBE_EDITOR=sed -i s/before/after/",
                "HELM_NAMESPACE=" + namespace(),
                "timeout",
                // In the terminal's own process group: else the terminal stops it (SIGTTOU).
                "--foreground",
                Integer.toString(PATIENCE_SECONDS),
                file.toString()));
    if (program.equals("kubectl")) {
      all.addAll(List.of("-n", namespace()));
    }
    all.addAll(words);
    return all;
  }

  TestHost.Ran run(TestHost host, List<String> words) throws IOException, InterruptedException {
    return run(host, words, Command.Typed.NOTHING);
  }

  TestHost.Ran run(TestHost host, List<String> words, Command.Typed typed)
      throws IOException, InterruptedException {
    return host.inNamespace(typing(host, command(host, words), typed).toArray(String[]::new));
  }

  /// One that does not end by itself: its output goes to the file.
  Process start(TestHost host, Path out, List<String> words, Command.Typed typed)
      throws IOException {
    return host.startInNamespace(out, typing(host, command(host, words), typed));
  }

  /// The command with its input in a file, in a terminal of its own where one is wanted.
  private List<String> typing(TestHost host, List<String> command, Command.Typed typed)
      throws IOException {
    if (typed.text().isEmpty()) {
      return command;
    }
    String file = host.write(namespace() + ".typed", typed.text() + "\n").toString();
    if (!typed.terminal()) {
      return with(List.of("sh", "-c", "exec \"$@\" < " + file, "sh"), command);
    }
    // Without exec it depends on the shell whether the client is the terminal's own process.
    String line =
        "exec " + command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return List.of("sh", "-c", "exec script -qec \"$1\" /dev/null < " + file, "sh", line);
  }

  private static List<String> with(List<String> start, List<String> command) {
    return Stream.concat(start.stream(), command.stream()).toList();
  }

  @Override
  public int compareTo(Client other) {
    int byProgram = other.program.compareTo(program);
    int mine = major * 1000 + minor;
    int theirs = other.major * 1000 + other.minor;
    return byProgram != 0 ? byProgram : Integer.compare(mine, theirs);
  }
}
