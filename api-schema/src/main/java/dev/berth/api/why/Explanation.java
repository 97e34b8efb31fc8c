package dev.berth.api.why;

import java.util.List;
import java.util.Optional;

/// The answer to `berth why`.
///
/// @param healthy nothing is wrong
/// @param root what everything else follows from; empty while all is well, or only under way
/// @param chain what follows from the root, in order; without a root, what is going on
/// @param evidence facts that were looked at: container states, last log lines, Events
/// @param fixes what to do, the most likely first
public record Explanation(
    boolean healthy,
    Optional<Cause> root,
    List<Link> chain,
    List<String> evidence,
    List<String> fixes) {
  public Explanation {
    chain = List.copyOf(chain);
    evidence = List.copyOf(evidence);
    fixes = List.copyOf(fixes);
  }
}
