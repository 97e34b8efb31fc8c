package dev.berth.cli.git;

import dev.berth.api.Durations;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git history",
    header = {"Example:", "  berth git history apps", ""},
    description =
        "%nWhat was applied, the newest first, with how it ended; and the revisions that were left"
            + " by a rollback and are not applied again.")
public final class GitHistoryVerb extends GitVerb {
  public GitHistoryVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository) {
    JsonNode status = repository.path("status");
    String applied = Json.text(status, "appliedRevision");
    Set<String> skipped =
        status
            .path("skippedRevisions")
            .valueStream()
            .map(node -> node.asString(""))
            .collect(Collectors.toSet());
    List<List<String>> rows = new ArrayList<>();
    String now = applied;
    for (JsonNode entry : status.path("history")) {
      rows.add(row(entry, now, skipped));
      now = Json.text(entry, "revision").equals(now) ? "" : now; // only where it came last
    }
    if (rows.isEmpty()) {
      terminal.say("Nothing was applied yet.");
      return Exit.OK;
    }
    new Table(List.of("revision", "result", "age", "took", "by", "message"))
        .lines(rows)
        .forEach(terminal::data);
    return Exit.OK;
  }

  /// Whether a sync ended with its objects applied and healthy.
  static boolean endedWell(JsonNode entry) {
    return Json.text(entry, "result").equals("Succeeded");
  }

  private List<String> row(JsonNode entry, String now, Set<String> skipped) {
    String revision = Json.text(entry, "revision");
    String mark = revision.equals(now) ? " (now)" : skipped.contains(revision) ? " (skipped)" : "";
    return List.of(
        GitWords.shortRevision(revision) + mark,
        Json.text(entry, "result"),
        Times.at(entry, "startedAt")
            .map(time -> Times.age(Duration.between(time, clock.instant())))
            .orElse(""),
        Durations.tryParse(Json.text(entry, "duration")).map(Spans::format).orElse(""),
        Json.text(entry, "by"),
        Json.text(entry, "message"));
  }
}
