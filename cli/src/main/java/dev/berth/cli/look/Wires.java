package dev.berth.cli.look;

import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.why.Surroundings;
import dev.berth.client.ApiClient;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// A ModelApp's wire as `berth status` shows it, for verbs of other rooms.
public final class Wires {
  private Wires() {}

  /// Title and wire, and where it is broken the cause and what to do.
  ///
  /// @param reachable an app's address as it works from here
  /// @param same what to add to a command that asks the same server
  public static List<String> of(
      ApiClient client,
      ObjectNode app,
      Terminal terminal,
      Instant now,
      UnaryOperator<String> reachable,
      String same) {
    Situation situation = Surroundings.of(client, app).situation(app);
    Explanation why = Why.of(situation, now);
    return Wire.of(situation, why, Wire.Look.of(terminal, now, reachable, same)).lines();
  }
}
