package dev.berth.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ours and its peers, one after the other in each round, and who is first changes from round to
/// round.
final class Contest {
  /// One turn: works for a while and tells what it cost. All sides name the same costs.
  @FunctionalInterface
  interface Side {
    Map<Cost, Double> turn() throws Exception;
  }

  /// @param side empty where it is not installed
  record Peer(String name, Optional<Side> side) {}

  private final int rounds;

  /// @param rounds that count, at least 1; one more goes before them, to warm up
  Contest(int rounds) {
    this.rounds = rounds;
  }

  List<Result> run(Side ours, Optional<Side> peer, String peerName) throws Exception {
    return run(ours, List.of(new Peer(peerName, peer)));
  }

  /// Runs all rounds: for each cost of ours a line with each peer that has it, or one without.
  List<Result> run(Side ours, List<Peer> peers) throws Exception {
    Tally ourTally = new Tally(ours);
    Map<String, Tally> theirs = new LinkedHashMap<>();
    peers.forEach(peer -> peer.side().ifPresent(side -> theirs.put(peer.name(), new Tally(side))));
    List<Tally> order = new ArrayList<>(theirs.values());
    order.add(ourTally);
    for (int round = 0; round <= rounds; round++) {
      for (Tally one : order) {
        one.turn(round > 0);
      }
      Collections.rotate(order, 1);
    }
    List<Result> results = new ArrayList<>();
    for (Cost cost : ourTally.turns.keySet()) {
      double our = ourTally.median(cost).orElseThrow();
      int before = results.size();
      for (Peer peer : peers) {
        Optional<Double> their =
            Optional.ofNullable(theirs.get(peer.name())).flatMap(t -> t.median(cost));
        if (their.isPresent() || peer.side().isEmpty()) {
          results.add(new Result(cost, our, their, peer.name(), rounds));
        }
      }
      if (results.size() == before) {
        results.add(new Result(cost, our, Optional.empty(), "", rounds));
      }
    }
    results.forEach(Contest::show);
    return results;
  }

  /// A whole run takes many minutes: who waits sees that it goes on. The table comes at the end.
  static void show(Result result) {
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

  /// What the turns of one side have cost.
  private static final class Tally {
    private final Side side;
    private final Map<Cost, List<Double>> turns = new LinkedHashMap<>();

    Tally(Side side) {
      this.side = side;
    }

    void turn(boolean counts) throws Exception {
      Map<Cost, Double> costs = side.turn();
      if (counts) {
        costs.forEach(
            (cost, value) -> turns.computeIfAbsent(cost, c -> new ArrayList<>()).add(value));
      }
    }

    Optional<Double> median(Cost cost) {
      return Optional.ofNullable(turns.get(cost)).map(Figure::median);
    }
  }
}
