package dev.berth.agent.network;

import java.util.HashMap;
import java.util.Map;

/// Who may hold one more connection: each address 256; all together 2048, but an address that holds
/// fewer than 8 gets one beyond that too, up to 4096, so that a few that take all they may do not
/// lock out the others. Any thread.
///
/// @param <A> what tells one client from another
final class Admission<A> {
  static final int MOST_OF_ONE = 256;
  static final int MOST = 2048;
  static final int ALWAYS = 8;
  static final int CAP = 4096;

  enum Verdict {
    ADMITTED,
    TOO_MANY_OF_ONE,
    FULL
  }

  private final Map<A, Integer> held = new HashMap<>();
  private int all;

  /// One that is admitted is held until [#leave].
  synchronized Verdict admit(A from) {
    int own = held.getOrDefault(from, 0);
    if (own >= MOST_OF_ONE) {
      return Verdict.TOO_MANY_OF_ONE;
    }
    if (all >= (own < ALWAYS ? CAP : MOST)) {
      return Verdict.FULL;
    }
    held.put(from, own + 1);
    all++;
    return Verdict.ADMITTED;
  }

  synchronized void leave(A from) {
    if (held.containsKey(from)) {
      held.computeIfPresent(from, (_, n) -> n > 1 ? n - 1 : null);
      all--;
    }
  }
}
