package dev.berth.cli.rollout;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Named;
import dev.berth.cli.verb.Subject;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth rollout history",
    header = {
      "Example:",
      "  berth rollout history deployment/shop",
      "  berth rollout history shop --revision 2",
      "  berth rollout history modelapp/digits",
      ""
    },
    description =
        "%nThe revisions of a Deployment that are kept, or those of a ModelApp's model that are"
            + " there.")
public final class RolloutHistoryVerb extends ClientVerb {
  private static final String CAUSE = "kubernetes.io/change-cause";

  @Mixin final Subject subject = new Subject();

  @Option(
      names = "--revision",
      paramLabel = "N",
      defaultValue = "0",
      description = "The pod template of this one, as yaml.")
  long revision;

  private final InstantSource clock = InstantSource.system();

  public RolloutHistoryVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    Named named = subject.named(client, inNamespace);
    ObjectNode object = client.get(named.type(), named.key());
    if (named.type().equals(Kinds.MODEL_APP)) {
      ofModelApp(object);
    } else if (named.type().equals(Kinds.DEPLOYMENT)) {
      ofDeployment(History.of(client, object));
    } else {
      throw Failure.of(
          "a " + named.type().kind() + " has no revisions", "deployments and modelapps have");
    }
    return Exit.OK;
  }

  private void ofDeployment(History history) {
    if (revision > 0) {
      terminal.data(YamlWriter.write(History.template(history.find(revision))).stripTrailing());
      return;
    }
    List<List<String>> rows =
        history.sets().stream().map(set -> row(set, history.current())).toList();
    print(List.of("revision", "replicas", "age", "images", "change-cause"), rows);
  }

  private List<String> row(JsonNode set, long current) {
    long number = History.revision(set);
    return List.of(
        number + (number == current ? " (now)" : ""),
        Json.at(set, "status", "readyReplicas").asInt(0)
            + "/"
            + Json.at(set, "spec", "replicas").asInt(0),
        Times.at(set, "metadata", "creationTimestamp")
            .map(time -> Times.age(Duration.between(time, clock.instant())))
            .orElse(""),
        String.join(",", History.images(set)),
        Json.annotation(set, CAUSE).orElse("<none>"));
  }

  /// Its older models go when nothing asks them any more.
  private void ofModelApp(ObjectNode app) {
    if (revision > 0) {
      throw Failure.of(
          "--revision is for deployments: what a ModelApp was is in its manifest's history",
          "see what it is: berth get modelapp/" + Json.name(app) + " -o yaml");
    }
    List<List<String>> rows =
        Json.at(app, "status", "revisions")
            .valueStream()
            .map(
                r ->
                    List.of(
                        Json.text(r, "name"),
                        r.path("ready").asInt(0) + "/" + r.path("desired").asInt(0),
                        r.path("weight").asInt(0) + "%",
                        Json.text(r, "image")))
            .toList();
    print(List.of("revision", "replicas", "traffic", "image"), rows);
  }

  private void print(List<String> headings, List<List<String>> rows) {
    if (rows.isEmpty()) {
      terminal.say("No revision yet.");
      return;
    }
    new Table(headings).lines(rows).forEach(terminal::data);
  }
}
