package dev.berth.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ours and a peer, one after the other in each round, and each first in every second one.
final class Contest {
  /// One turn: works for a while and tells what it cost. Both sides name the same costs.
  @FunctionalInterface
  interface Side {
    Map<Cost, Double> turn() throws Exception;
  }

  private final int rounds;

  /// @param rounds that count, at least 1; one more goes before them, to warm up
  Contest(int rounds) {
    this.rounds = rounds;
  }

  List<Result> run(Side ours, Optional<Side> peer, String peerName) throws Exception {
    Map<Cost, List<Double>> ourTurns = new LinkedHashMap<>();
    Map<Cost, List<Double>> peerTurns = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      if (round % 2 == 1) {
        turn(ours, ourTurns, round);
      }
      if (peer.isPresent()) {
        turn(peer.get(), peerTurns, round);
      }
      if (round % 2 == 0) {
        turn(ours, ourTurns, round);
      }
    }
    List<Result> results = new ArrayList<>();
    ourTurns.forEach(
        (cost, values) ->
            results.add(
                new Result(
                    cost,
                    Figure.median(values),
                    Optional.ofNullable(peerTurns.get(cost)).map(Figure::median),
                    peerName,
                    rounds)));
    results.forEach(Contest::show);
    return results;
  }

  /// A whole run takes many minutes: who waits sees that it goes on. The table comes at the end.
  private static void show(Result result) {
    System.err.println(
        "bench: "
            + result.cost().name()
            + ": "
            + Figure.of(result.ours())
            + " "
            + result.cost().unit()
            + result
                .peer()
                .map(peer -> ", " + result.peerName() + " " + Figure.of(peer))
                .orElse(""));
  }

  private static void turn(Side side, Map<Cost, List<Double>> turns, int round) throws Exception {
    Map<Cost, Double> costs = side.turn();
    if (round > 0) {
      costs.forEach(
          (cost, value) -> turns.computeIfAbsent(cost, c -> new ArrayList<>()).add(value));
    }
  }
}
