package dev.berth.cli.talk;

import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.ContainerOption;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth logs",
    header = {
      "Example:",
      "  berth logs digits -f",
      "  berth logs digits-app-x7k2p --previous --tail 50",
      "  berth logs imagebuild/digits-model-0a1b2c3d4e",
      ""
    },
    description =
        "%nWhat the containers say. Of a ModelApp: all its pods, each line behind its pod's name.")
public final class LogsVerb extends ClientVerb {
  /// How soon it is noticed that nobody reads any more, as behind `| head`.
  private static final long LOOK_MILLIS = 250;

  @Parameters(
      paramLabel = "NAME",
      description = "A ModelApp or a pod, or TYPE/NAME (pod, modelapp, imagebuild).")
  String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Keep reading; pods that come later are followed too.")
  boolean follow;

  @Option(
      names = {"-p", "--previous"},
      description = "Of the container before the last restart.")
  boolean previous;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      defaultValue = "-1",
      description = "Only the last lines of each.")
  int tail = -1;

  @Mixin final ContainerOption container = new ContainerOption();

  public LogsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    if (follow && previous) {
      throw Failure.of("--follow and --previous do not go together: what has ended says no more");
    }
    int slash = name.indexOf('/');
    String plain = Parsed.name(name.substring(slash + 1));
    ResourceType type =
        slash < 0
            ? guess(client, new ObjectKey(inNamespace, plain))
            : Types.one(name.substring(0, slash));
    ObjectKey key = new ObjectKey(inNamespace, plain);
    if (type.equals(Kinds.POD)) {
      ofPod(client, key);
      return Exit.OK;
    }
    if (type.equals(Kinds.MODEL_APP)) {
      client.get(type, key);
      return ofModelApp(client, key);
    }
    if (!type.equals(Kinds.IMAGE_BUILD)) {
      throw Failure.of(
          "a " + type.kind() + " has no log", "logs are of pods, modelapps and imagebuilds");
    }
    ofBuild(client, key);
    return Exit.OK;
  }

  private void ofPod(ApiClient client, ObjectKey pod) throws IOException {
    LinePrinter printer = new LinePrinter(terminal, false);
    PodLog.readWhile(
        client,
        pod,
        wanted(),
        line -> {
          printer.print(pod.name(), line);
          return !follow || terminal.dataIsTaken();
        });
    sayIfSilent(printer, "pod " + pod.name());
  }

  /// An empty answer to `--previous` looks like a command that did not work.
  private void sayIfSilent(LinePrinter printer, String what) {
    if (previous && !printer.hasPrinted()) {
      terminal.flush();
      terminal.say(
          what + " has no log of an earlier container: it has not restarted, or said nothing");
    }
  }

  /// A build has one log, from its beginning.
  private void ofBuild(ApiClient client, ObjectKey build) throws IOException {
    if (previous || !container.name().isEmpty() || (follow && tail >= 0)) {
      throw Failure.of(
          "a build has one log and no containers: leave out --previous and --container, and"
              + " --tail with --follow");
    }
    Deque<String> last = new ArrayDeque<>();
    PodLog.stream(
        client,
        Kinds.IMAGE_BUILD.objectPath(build) + "/log?follow=" + follow,
        line -> {
          if (tail < 0) {
            terminal.data(Printable.text(line));
            return !follow || terminal.dataIsTaken();
          }
          last.addLast(line);
          if (last.size() > tail) {
            last.removeFirst();
          }
          return true;
        });
    last.forEach(line -> terminal.data(Printable.text(line)));
  }

  private PodLog.Wanted wanted() {
    return new PodLog.Wanted(follow, previous, tail, container.name());
  }

  private static ResourceType guess(ApiClient client, ObjectKey key) {
    if (client.find(Kinds.MODEL_APP, key).isPresent()) {
      return Kinds.MODEL_APP;
    }
    if (client.find(Kinds.POD, key).isPresent()) {
      return Kinds.POD;
    }
    throw Failure.of(
        "there is neither a ModelApp nor a pod named \""
            + Printable.line(key.name())
            + "\" in namespace "
            + key.namespace(),
        "berth get modelapps,pods -n " + key.namespace());
  }

  private Exit ofModelApp(ApiClient client, ObjectKey app)
      throws IOException, InterruptedException {
    LabelSelector pods = LabelSelector.of(Map.of("berth.dev/modelapp", app.name()));
    LinePrinter printer = new LinePrinter(terminal, true);
    if (follow) {
      try (Followers followers = new Followers(client, printer, wanted());
          Informer _ =
              Informer.of(
                  client, Kinds.POD, app.namespace(), pods, FieldSelector.EVERYTHING, followers)) {
        CountDownLatch never = new CountDownLatch(1);
        while (printer.isRead()) {
          never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
      return Exit.OK;
    }
    List<ObjectNode> found =
        client.list(Kinds.POD, app.namespace(), ListOptions.labelled(pods)).items();
    found.forEach(pod -> printer.expect(Json.name(pod)));
    int read = 0;
    for (ObjectNode pod : found.stream().sorted(Comparator.comparing(Json::name)).toList()) {
      read += readOne(client, ObjectKey.of(pod), printer) ? 1 : 0;
    }
    if (found.isEmpty()) {
      terminal.say(
          "ModelApp " + app.name() + " has no pods; berth status " + app.name() + " says why.");
    } else if (read > 0) {
      sayIfSilent(printer, "ModelApp " + app.name());
    }
    return found.isEmpty() || read > 0 ? Exit.OK : Exit.FAILED;
  }

  /// One silent pod must not hide the others; false where there was no answer.
  private boolean readOne(ApiClient client, ObjectKey pod, LinePrinter printer) throws IOException {
    try {
      PodLog.read(client, pod, wanted(), line -> printer.print(pod.name(), line));
      return true;
    } catch (ApiException e) {
      terminal.flush();
      terminal.say(Printable.line(pod.name() + ": " + e.error().message()));
      return false;
    }
  }
}
