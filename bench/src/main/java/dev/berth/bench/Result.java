package dev.berth.bench;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One line of a table: medians over the rounds.
///
/// @param peer empty where the peer is missing or has no such thing
record Result(Cost cost, double ours, Optional<Double> peer, String peerName, int rounds) {

  /// Below 1 ours is better.
  Optional<Double> ratio() {
    return peer.filter(p -> p > 0).map(p -> ours / p);
  }

  ObjectNode json() {
    ObjectNode row =
        Json.object()
            .put("case", cost.name())
            .put("unit", cost.unit())
            .put("ours", rounded(ours))
            .putNull("peer")
            .put("peerName", peerName)
            .putNull("ratio")
            .put("rounds", rounds);
    peer.ifPresent(p -> row.put("peer", rounded(p)));
    ratio().ifPresent(r -> row.put("ratio", rounded(r)));
    return row;
  }

  private static double rounded(double value) {
    return Double.parseDouble(Figure.of(value));
  }
}
