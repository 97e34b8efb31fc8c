package dev.berth.dashboard.rows;

import dev.berth.api.Printable;
import dev.berth.api.Times;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How an object is and why, in the words that all rows share.
///
/// @param word the state for people
/// @param reason one word; empty where all is well
/// @param message what is wrong, without the fix
/// @param fix empty where nobody needs to do anything
/// @param log the last lines that a container wrote before it ended
public record Verdict(
    Health health,
    String word,
    String reason,
    String message,
    String fix,
    Optional<Instant> since,
    List<String> log) {
  /// A message is text of containers and registries: bounded, and nothing in it is obeyed.
  private static final int MOST = 2_000;

  private static final int MOST_LINES = 5;

  public Verdict {
    log = List.copyOf(log);
  }

  public static Verdict of(Health health, String word) {
    return new Verdict(health, word, "", "", "", Optional.empty(), List.of());
  }

  static Verdict of(Health health, String word, String reason, String message) {
    return new Verdict(health, word, reason, message, "", Optional.empty(), List.of());
  }

  /// Something is known to be wrong.
  static Verdict of(Health health, String word, Cause cause, String fix) {
    return new Verdict(
        health, word, cause.reason(), cause.message(), fix, cause.since(), cause.logTail());
  }

  /// What an explanation says: wrong, well, or on its way.
  ///
  /// @param serves whether it does its work all the same
  /// @param well the word while nothing is wrong and it is healthy
  /// @param underWay the word while nothing is wrong and it is not
  static Verdict of(Explanation why, boolean serves, String well, String underWay) {
    if (why.root().isPresent()) {
      String fix = why.fixes().stream().findFirst().orElse("");
      Cause root = why.root().get();
      return serves
          ? of(Health.WARNING, "Degraded", root, fix)
          : of(Health.FAILING, underWay, root, fix);
    }
    String going =
        why.chain().stream().map(link -> link.statement()).collect(Collectors.joining("; "));
    return why.healthy() ? of(Health.OK, well) : of(Health.WORKING, underWay, "", going);
  }

  /// Where it does not know since when; a condition that nobody timed says 1970.
  Verdict since(Optional<Instant> known) {
    Optional<Instant> time = known.filter(t -> t.isAfter(Instant.EPOCH));
    return new Verdict(health, word, reason, message, fix, since.or(() -> time), log);
  }

  public void write(ObjectNode row) {
    row.put("health", health.text())
        .put("word", shown(word))
        .put("reason", shown(reason))
        .put("message", shown(message))
        .put("fix", shown(fix))
        .put("since", since.map(Times::format).orElse(null));
    ArrayNode lines = row.putArray("log");
    log.stream().skip(Math.max(0, log.size() - MOST_LINES)).forEach(line -> lines.add(shown(line)));
  }

  public static String shown(String text) {
    return Printable.text(text.length() > MOST ? text.substring(0, MOST) + "..." : text);
  }
}
