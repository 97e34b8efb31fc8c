package dev.berth.cli.git;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.cli.git.Standing.Done;
import dev.berth.cli.git.Standing.Failed;
import dev.berth.cli.git.Standing.Going;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The table at the head of [Standing], line by line.
class StandingTest {
  /// @param conditions as `Type=Status`, apart by blanks
  private static ObjectNode repository(long generation, String conditions) {
    ObjectNode repository = Json.object();
    repository.putObject("metadata").put("generation", generation);
    ObjectNode status = repository.putObject("status").put("observedGeneration", 2);
    ArrayNode list = status.putArray("conditions");
    for (String condition : conditions.isEmpty() ? new String[0] : conditions.split(" ", -1)) {
      String[] words = condition.split("=", -1);
      list.addObject()
          .put("type", words[0])
          .put("status", words[1])
          .put("reason", "Of" + words[0])
          .put("message", "why");
    }
    return repository;
  }

  private static String name(Standing standing) {
    return switch (standing) {
      case Going() -> "going";
      case Done() -> "done";
      case Failed(String reason, String message) -> reason + ": " + message;
    };
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          '',                                   going
          Ready=Unknown,                        going
          Ready=Unknown Reconciling=True,       going
          Ready=True,                           done
          Ready=True Reconciling=False,         done
          Ready=True Reconciling=True,          going
          Ready=False Reconciling=True,         going
          Ready=False,                          OfReady: why
          Ready=False Reconciling=False,        OfReady: why
          Ready=False Stalled=True,             OfStalled: why
          Ready=True Suspended=True,            OfSuspended: why
          Ready=True PruneBlocked=True,         OfPruneBlocked: why
          Stalled=True Reconciling=True,        OfStalled: why
          Ready=True Stalled=False,             done
          """)
  void conditionsSayHowItStands(String conditions, String standing) {
    assertEquals(standing, name(Standing.of(repository(2, conditions), true)));
  }

  @Test
  void whatWasSaidOfAnotherRequestOrSpecificationIsNoAnswer() {
    for (String conditions : List.of("Ready=True", "Ready=False", "Stalled=True")) {
      assertEquals(new Going(), Standing.of(repository(2, conditions), false));
      assertEquals(new Going(), Standing.of(repository(3, conditions), true));
    }
  }

  @Test
  void theStepsSayWhatHoldsAndTheLastOneWhatIsNotWell() {
    ObjectNode repository =
        repository(2, "SourceReady=True Synced=True Healthy=False Reconciling=True");
    Json.ensure(repository, "status", "source")
        .put("revision", "main@sha1:3f2a91c000000000000000000000000000000000")
        .put("subject", "Fix it");
    Json.ensure(repository, "status", "summary").put("total", 2).put("synced", 2).put("pruned", 1);
    ArrayNode objects = Json.ensure(repository, "status").putArray("resources");
    Map.of("Deployment a/web", "Degraded", "Service a/web", "Healthy")
        .forEach((ref, health) -> objects.addObject().put("ref", ref).put("health", health));

    List<String> lines = new ArrayList<>();
    for (var row : Standing.rows(repository, true)) {
      lines.add(row.state() + " " + row.what() + " " + row.detail());
      row.below().forEach(b -> lines.add("  " + b.state() + " " + b.what() + " " + b.detail()));
    }
    assertEquals(
        List.of(
            "DONE source main@3f2a91c  Fix it",
            "DONE objects 2/2 as the commit says, 1 deleted",
            "RUNNING health why",
            "  FAILED Deployment a/web Degraded"),
        lines);
  }
}
