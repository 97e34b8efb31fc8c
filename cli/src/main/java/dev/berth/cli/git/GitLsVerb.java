package dev.berth.cli.git;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Selection;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git ls",
    header = {"Example:", "  berth git ls", "  berth git ls -A", ""},
    description =
        "%nThe GitRepositories, those first that are not ready: what is applied of each, the"
            + " commit it comes from, and what is wrong.")
public final class GitLsVerb extends ClientVerb {
  private static final Comparator<ObjectNode> READY_LAST =
      Comparator.comparing(
              (ObjectNode repository) -> GitWords.of(repository).ready().equals("True"))
          .thenComparing(Json::namespace)
          .thenComparing(Json::name);

  private static final int MOST_SUBJECT = 40;

  @Mixin final Selection selection = new Selection();

  private final InstantSource clock = InstantSource.system();

  public GitLsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    String ns = selection.namespace(inNamespace);
    List<ObjectNode> found =
        client
            .list(Kinds.GIT_REPOSITORY, ns, ListOptions.labelled(selection.labels()))
            .items()
            .stream()
            .sorted(READY_LAST)
            .toList();
    if (found.isEmpty()) {
      terminal.say("No GitRepositories" + (ns.isEmpty() ? "." : " in namespace " + ns + "."));
      return Exit.OK;
    }
    Instant now = clock.instant();
    List<String> headings =
        new ArrayList<>(selection.isEverywhere() ? List.of("namespace") : List.of());
    headings.addAll(
        List.of("name", "ready", "sync", "health", "revision", "objects", "commit", "message"));
    new Table(headings)
        .lines(found.stream().map(repository -> row(repository, now)).toList())
        .forEach(terminal::data);
    return Exit.OK;
  }

  private List<String> row(JsonNode repository, Instant now) {
    GitWords words = GitWords.of(repository);
    List<String> row =
        new ArrayList<>(selection.isEverywhere() ? List.of(Json.namespace(repository)) : List.of());
    row.addAll(
        List.of(
            Json.name(repository),
            words.ready(),
            words.sync(),
            words.health(),
            words.revision(),
            words.objects(),
            commit(Json.at(repository, "status", "source"), now),
            words.message()));
    return row;
  }

  /// Its subject and its age, as `git log` tells commits apart.
  private static String commit(JsonNode source, Instant now) {
    String subject = Json.text(source, "subject");
    String age =
        Times.at(source, "committedAt")
            .map(time -> " (" + Times.age(Duration.between(time, now)) + ")")
            .orElse("");
    return (subject.length() > MOST_SUBJECT ? subject.substring(0, MOST_SUBJECT) + "~" : subject)
        + age;
  }
}
