package dev.berth.cli.rollout;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Printable;
import dev.berth.api.gitops.GitRepository;
import dev.berth.cli.apply.Previous;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Named;
import dev.berth.cli.verb.Subject;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth rollout undo",
    header = {
      "Example:",
      "  berth rollout undo deployment/shop",
      "  berth rollout undo shop --to-revision 2",
      "  berth rollout undo shop --dry-run",
      "  berth rollout undo modelapp/digits",
      ""
    },
    description = {
      "%nGives a Deployment the pod template of an earlier revision, and a ModelApp the manifest"
          + " that berth apply had applied before the last one, with the images built from it; once"
          + " more is the way forth again."
    })
public final class RolloutUndoVerb extends ClientVerb {
  @Mixin final Subject subject = new Subject();

  @Option(
      names = "--to-revision",
      paramLabel = "N",
      defaultValue = "0",
      description = "This revision, not the one before the current.")
  long revision;

  @Option(
      names = "--dry-run",
      description = "Print the template that it would get, and change nothing.")
  boolean dryRun;

  public RolloutUndoVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    Named named = subject.named(client, inNamespace);
    boolean ofModelApp = named.type().equals(Kinds.MODEL_APP);
    if (!ofModelApp && !named.type().equals(Kinds.DEPLOYMENT)) {
      throw Failure.of(
          "a " + named.type().kind() + " has no revisions", "deployments and modelapps have");
    }
    ObjectNode object = client.get(named.type(), named.key());
    refuseFromGit(named, object);
    return ofModelApp ? ofModelApp(client, named, object) : ofDeployment(client, named, object);
  }

  private Exit ofDeployment(ApiClient client, Named named, ObjectNode deployment) {
    refuseOfModelApp(named, deployment);
    refusePaused(named, deployment);
    ObjectNode set = History.of(client, deployment).find(revision);
    ObjectNode template = History.template(set);
    if (dryRun) {
      terminal.data(YamlWriter.write(template).stripTrailing());
      return Exit.OK;
    }
    if (template.equals(Json.at(deployment, "spec", "template"))) {
      terminal.say(
          Printable.line(named.text()) + " is at revision " + History.revision(set) + " already");
      return Exit.OK;
    }
    client.patch(named.type(), named.key(), PatchType.JSON, patch(deployment, template), null);
    told(client, named, set);
    return Exit.OK;
  }

  private Exit ofModelApp(ApiClient client, Named named, ObjectNode app) {
    if (revision > 0) {
      throw Failure.of(
          "of "
              + Printable.line(named.text())
              + " only the manifest before the last one is kept: leave out --to-revision");
    }
    ObjectNode previous = Previous.of(app).orElseThrow(() -> noPrevious(named));
    if (dryRun) {
      terminal.data(YamlWriter.write(previous).stripTrailing());
      return Exit.OK;
    }
    client.patch(named.type(), named.key(), Previous.PATCH, Previous.patch(app, previous), null);
    terminal.data(Printable.line(named.text()) + " goes back to the manifest of before");
    terminal.say(
        "  see it: berth rollout status "
            + Printable.line(named.text())
            + sameServer(client, named.key().namespace()));
    return Exit.OK;
  }

  private void told(ApiClient client, Named named, JsonNode set) {
    terminal.data(Printable.line(named.text()) + " goes back to revision " + History.revision(set));
    terminal.say(
        "  see it: berth rollout status "
            + Printable.line(named.text())
            + sameServer(client, named.key().namespace()));
  }

  private static void refuseFromGit(Named named, JsonNode object) {
    String repository = Json.labels(object).getOrDefault(GitRepository.OWNER, "");
    if (!repository.isEmpty()) {
      throw Failure.of(
          Printable.line(named.text())
              + " is applied from a Git repository, which would set it again",
          "berth git rollback " + Printable.line(repository));
    }
  }

  private static void refuseOfModelApp(Named named, JsonNode deployment) {
    Json.at(deployment, "metadata", "ownerReferences")
        .valueStream()
        .filter(owner -> Json.text(owner, "kind").equals(Kinds.MODEL_APP.kind()))
        .map(owner -> "modelapp/" + Printable.line(Json.text(owner, "name")))
        .findFirst()
        .ifPresent(
            app -> {
              throw Failure.of(
                  Printable.line(named.text())
                      + " belongs to "
                      + app
                      + ", which would set it again",
                  "undo that: berth rollout undo " + app);
            });
  }

  private static void refusePaused(Named named, JsonNode deployment) {
    if (Json.at(deployment, "spec", "paused").asBoolean(false)) {
      throw Failure.of(
          Printable.line(named.text()) + " is paused: nothing would roll",
          "kubectl rollout resume " + Printable.line(named.text()));
    }
  }

  private static Failure noPrevious(Named named) {
    String app = Printable.line(named.text());
    return Failure.of(
        "of "
            + app
            + " no earlier manifest is kept: berth apply keeps one when it applies another over it",
        "apply the manifest of before: git checkout COMMIT -- FILE && berth apply -f FILE",
        "see what changed: berth diff -f FILE",
        "its revisions: berth rollout history " + app);
  }

  /// Only where nobody was quicker: the template that is replaced is the one that was seen.
  private static ArrayNode patch(JsonNode deployment, ObjectNode template) {
    ArrayNode patch = Json.array();
    patch
        .addObject()
        .put("op", "test")
        .put("path", "/metadata/resourceVersion")
        .put("value", Json.resourceVersion(deployment));
    patch.addObject().put("op", "replace").put("path", "/spec/template").set("value", template);
    return patch;
  }
}
