package dev.berth.bench;

import dev.berth.api.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// Runs the suites that are named, prints their tables and writes `SUITE.json`. Its options come
/// from `deploy/bench`, which says what they mean.
public final class Main {
  private Main() {}

  /// Exits when all are through.
  ///
  /// @param args launcher, directory, rounds, seconds of a turn, suites
  public static void main(String[] args) throws Exception {
    Path launcher = Path.of(args[0]);
    Path directory = Path.of(args[1]).toAbsolutePath();
    int rounds = Integer.parseInt(args[2]);
    Duration turn = Duration.ofSeconds(Integer.parseInt(args[3]));
    for (String suite : List.of(args).subList(4, args.length)) {
      Path work = Files.createTempDirectory(Files.createDirectories(directory), suite + "-");
      try (Peers peers = Peers.start(launcher, work)) {
        if (peers.etcd().isEmpty()) {
          System.err.println(
              "etcd is not installed: ours is shown alone (apt-get install etcd-server)");
        }
        report(suite, run(suite, peers, rounds, turn), directory);
      }
    }
    System.exit(0);
  }

  private static List<Result> run(String suite, Peers peers, int rounds, Duration turn)
      throws Exception {
    return switch (suite) {
      case "api" -> new ApiSuite(peers, rounds, turn).run();
      case "store" -> new StoreSuite(peers, rounds, turn).run();
      default -> throw new IllegalArgumentException("no suite " + suite + ": api, store");
    };
  }

  private static void report(String suite, List<Result> results, Path directory)
      throws IOException {
    ArrayNode rows = Json.array();
    results.forEach(result -> rows.add(result.json()));
    Files.write(directory.resolve(suite + ".json"), Json.bytes(rows));
    print(results, System.out);
  }

  /// A table of Markdown, as docs/benchmarks.md shows it.
  static void print(List<Result> results, PrintStream out) {
    out.println("| case | unit | ours | peer | ratio |");
    out.println("|---|---|---|---|---|");
    for (Result result : results) {
      out.printf(
          "| %s | %s | %s | %s | %s |%n",
          result.cost().name(),
          result.cost().unit(),
          Figure.of(result.ours()),
          result.peer().map(peer -> Figure.of(peer) + " " + result.peerName()).orElse("-"),
          result.ratio().map(Figure::of).orElse("-"));
    }
  }
}
