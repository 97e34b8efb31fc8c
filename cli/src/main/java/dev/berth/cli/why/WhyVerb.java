package dev.berth.cli.why;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Why;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Form;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth why",
    header = {
      "Example:",
      "  berth why digits",
      "  berth why pod/digits-app-x7k2p",
      "  berth why node",
      "  berth why digits -o json",
      ""
    },
    description = {
      "%nWhy something does not work: the root cause first, what it rests on (with the last log"
          + " lines), what follows from it, and the fix as a field or a command. Without words:"
          + " every ModelApp and node that is not well, in every namespace unless -n names one.",
      "%nExit codes: 0 healthy, 1 something is wrong, 5 server unreachable."
    })
public final class WhyVerb extends ClientVerb {
  /// One object and what is to be said of it.
  private record Answer(JsonNode target, Explanation why) {}

  @Parameters(
      paramLabel = "NAME | TYPE NAME",
      arity = "0..*",
      description =
          "A ModelApp, or TYPE and names, or TYPE/NAME (modelapp, deployment, replicaset, pod,"
              + " imagebuild, node, service).")
  List<String> words = List.of();

  @Mixin final Form form = new Form();

  private final InstantSource clock = InstantSource.system();

  public WhyVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    Instant now = clock.instant();
    List<Answer> answers = words.isEmpty() ? unwell(client, now) : asked(client, inNamespace, now);
    if (form.isText()) {
      text(client, answers, now);
    } else {
      tree(answers);
    }
    return answers.stream().allMatch(answer -> answer.why().healthy()) ? Exit.OK : Exit.FAILED;
  }

  private static List<Answer> asked(ApiClient client, List<ObjectNode> targets, Instant now) {
    List<Answer> answers = new ArrayList<>();
    for (ObjectNode target : targets) {
      Surroundings around = Surroundings.of(client, target);
      answers.add(new Answer(target, Why.of(around.situation(target), now)));
    }
    return answers;
  }

  private List<Answer> asked(ApiClient client, String inNamespace, Instant now) {
    return asked(client, new Targets(client, inNamespace).of(words), now);
  }

  private List<Answer> unwell(ApiClient client, Instant now) {
    String namespace = givenNamespace().orElse(null);
    Surroundings all = Surroundings.everything(client, namespace);
    List<JsonNode> targets = new ArrayList<>(all.nodes());
    client.list(Kinds.MODEL_APP, namespace, ListOptions.ALL).items().stream()
        .sorted(Comparator.comparing(Json::namespace).thenComparing(Json::name))
        .forEach(targets::add);
    return targets.stream()
        .map(target -> new Answer(target, Why.of(all.situation(target), now)))
        .filter(answer -> !answer.why().healthy())
        .toList();
  }

  private void text(ApiClient client, List<Answer> answers, Instant now) {
    if (answers.isEmpty()) {
      terminal.data("Everything is healthy: every node is Ready and every ModelApp runs.");
    }
    boolean gap = false;
    for (Answer answer : answers) {
      if (gap) {
        terminal.data("");
      }
      gap = !answer.why().healthy();
      String same = sameServer(client, Json.namespace(answer.target()));
      new WhyPage(terminal.coloursInData(), terminal.dataColumns(), now, command -> command + same)
          .of(answer.target(), answer.why())
          .forEach(terminal::data);
    }
  }

  /// One object for one name, a list for everything else.
  private void tree(List<Answer> answers) {
    List<ObjectNode> trees =
        answers.stream().map(answer -> WhyTree.of(answer.target(), answer.why())).toList();
    var list = Json.array();
    trees.forEach(list::add);
    JsonNode tree = words.isEmpty() || trees.size() != 1 ? list : trees.getFirst();
    form.print(terminal, tree);
  }
}
