package dev.berth.bench;

import dev.berth.api.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// Runs the suites that are named, prints their tables and writes `SUITE.json`. Its options come
/// from `deploy/bench`, which says what they mean.
public final class Main {
  private Main() {}

  /// Exits when all are through.
  ///
  /// @param args those of [Bench], with the directory for results before that for work; suites
  public static void main(String[] args) throws Exception {
    Iterator<String> words = List.of(args).iterator();
    Path launcher = Path.of(words.next());
    Path stamp = Path.of(words.next());
    Path example = Path.of(words.next());
    Path baseImage = Path.of(words.next());
    Path results = Path.of(words.next()).toAbsolutePath();
    Path work = Path.of(words.next()).toAbsolutePath();
    Path runs = Path.of(words.next());
    String group = words.next();
    int rounds = Integer.parseInt(words.next());
    Duration turn = Duration.ofSeconds(Integer.parseInt(words.next()));
    Duration idle = Duration.ofSeconds(Integer.parseInt(words.next()));
    while (words.hasNext()) {
      String suite = words.next();
      Path own = Files.createDirectories(work.resolve(suite));
      Bench bench =
          new Bench(
              launcher,
              stamp,
              example,
              baseImage,
              own,
              runs.resolve(suite),
              group,
              rounds,
              turn,
              idle);
      report(suite, run(suite, bench), results);
    }
    System.exit(0);
  }

  private static List<Result> run(String suite, Bench bench) throws Exception {
    return switch (suite) {
      case "api" -> {
        try (Peers peers = Peers.start(bench.launcher(), bench.work())) {
          yield new ApiSuite(peers, bench.rounds(), bench.turn()).run();
        }
      }
      case "store" -> {
        try (Peers peers = Peers.start(bench.launcher(), bench.work())) {
          yield new StoreSuite(peers, bench.rounds(), bench.turn()).run();
        }
      }
      case "start" -> new StartSuite(bench).run();
      case "pod" -> new PodSuite(bench).run();
      case "footprint" -> new FootprintSuite(bench).run();
      case "endpoint" -> new EndpointSuite(bench).run();
      case "build" -> new BuildSuite(bench).run();
      case "pull" -> new PullSuite(bench).run();
      default -> throw new IllegalArgumentException("no suite " + suite);
    };
  }

  private static void report(String suite, List<Result> results, Path directory)
      throws IOException {
    ArrayNode rows = Json.array();
    results.forEach(result -> rows.add(result.json()));
    Files.write(Files.createDirectories(directory).resolve(suite + ".json"), Json.bytes(rows));
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
