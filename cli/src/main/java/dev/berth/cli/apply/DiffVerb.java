package dev.berth.cli.apply;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.diff.Compared;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Raw;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth diff",
    header = {
      "Example:",
      "  berth diff -f manifests/digits",
      "  berth diff -f modelapp.yaml && echo nothing to do",
      "  kustomize build . | berth diff -f -",
      ""
    },
    description = {
      "%nWhat `berth apply` would change, as a unified diff: the server is asked what it would"
          + " make of it, and changes nothing. Folders that are built are packed and compared by"
          + " their digest. Values of Secrets are not shown.",
      "%nExit codes: 0 nothing would change, 1 something would, 2 or more: it could not be found"
          + " out (4 invalid manifest, 5 server unreachable)."
    })
public final class DiffVerb extends ClientVerb {
  @Mixin final Sources sources = new Sources();

  public DiffVerb(Terminal terminal) {
    super(terminal);
  }

  /// One is the answer here, so that no failure may be a one.
  @Override
  public Exit ofFailure(Exit exit) {
    return exit == Exit.FAILED ? Exit.TROUBLE : exit;
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    return compare(client, sources.targets(inNamespace));
  }

  private Exit compare(ApiClient client, List<Target> targets) throws IOException {
    boolean different = false;
    for (Target target : targets) {
      Optional<ObjectNode> live = client.find(target.type(), target.key());
      List<String> lines = Compared.lines(live, merged(client, target, live));
      different |= !lines.isEmpty();
      print(target, live.isPresent(), lines);
    }
    return different ? Exit.DIFFERENT : Exit.OK;
  }

  private void print(Target target, boolean isThere, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    String place =
        target.label()
            + (target.key().namespace().isEmpty() ? "" : " -n " + target.key().namespace());
    data("--- " + (isThere ? place : "/dev/null"), Paint.BOLD);
    data("+++ " + place + " from " + target.loaded().manifest().positions().file(), Paint.BOLD);
    for (String line : lines) {
      switch (line.charAt(0)) {
        case '-' -> data(line, Paint.RED);
        case '+' -> data(line, Paint.GREEN);
        case '@' -> data(line, Paint.CYAN);
        default -> terminal.data(Printable.text(line));
      }
    }
  }

  private void data(String line, Paint paint) {
    terminal.data(paint.of(Printable.text(line), terminal.coloursInData()));
  }

  /// What the server would make of it. A namespace that would be made by the same manifests is not
  /// there yet: then it is what the manifest says.
  private static ObjectNode merged(ApiClient client, Target target, Optional<ObjectNode> live)
      throws IOException {
    ObjectNode wanted = Json.deepCopy(target.tree());
    if (target.isModelApp()) {
      for (var build : Targets.builds(target).entrySet()) {
        Applier.annotate(
            wanted,
            build.getKey(),
            ContextPush.digest(
                Targets.context(target, build.getValue()), build.getValue().containerScript()));
      }
    }
    if (live.isEmpty()) {
      return created(client, target, wanted);
    }
    ObjectNode patch = Applier.patch(live.get(), wanted);
    return patch.isEmpty()
        ? live.get()
        : ask(
            client,
            "PATCH",
            target.type().objectPath(target.key()),
            PatchType.MERGE.mediaType(),
            patch);
  }

  private static ObjectNode created(ApiClient client, Target target, ObjectNode wanted)
      throws IOException {
    try {
      return ask(
          client,
          "POST",
          target.type().collectionPath(target.key().namespace()),
          "application/json",
          wanted);
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return wanted;
      }
      throw e;
    }
  }

  private static ObjectNode ask(
      ApiClient client, String method, String path, String type, JsonNode body) throws IOException {
    return Json.deepCopy(
        Raw.ask(
            client,
            method,
            path + "?dryRun=All",
            Map.of("Content-Type", type),
            BodyPublishers.ofByteArray(Json.bytes(body))));
  }
}
