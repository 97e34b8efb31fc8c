package dev.berth.cli.talk;

import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Printable;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
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

  @Option(
      names = {"-c", "--container"},
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of this container of the pod.")
  String container = "";

  public LogsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    int slash = name.indexOf('/');
    String plain = name.substring(slash + 1);
    ResourceType type =
        slash < 0
            ? guess(client, new ObjectKey(inNamespace, plain))
            : Types.one(name.substring(0, slash));
    ObjectKey key = new ObjectKey(inNamespace, plain);
    if (type.equals(Kinds.POD)) {
      LinePrinter printer = new LinePrinter(terminal, false);
      PodLog.read(
          client,
          key,
          wanted(),
          line -> {
            printer.print(plain, line);
            if (follow) {
              printer.flush();
            }
          });
    } else if (type.equals(Kinds.MODEL_APP)) {
      client.get(type, key);
      ofModelApp(client, key);
    } else if (type.equals(Kinds.IMAGE_BUILD)) {
      PodLog.stream(
          client,
          type.objectPath(key) + "/log?follow=" + follow,
          line -> terminal.data(Printable.text(line)));
    } else {
      throw Failure.of(
          "a " + type.kind() + " has no log", "logs are of pods, modelapps and imagebuilds");
    }
    return Exit.OK;
  }

  private PodLog.Wanted wanted() {
    return new PodLog.Wanted(follow, previous, tail, container);
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

  private void ofModelApp(ApiClient client, ObjectKey app)
      throws IOException, InterruptedException {
    LabelSelector pods = LabelSelector.of(Map.of("berth.dev/modelapp", app.name()));
    LinePrinter printer = new LinePrinter(terminal, true);
    if (follow) {
      Followers followers = new Followers(client, printer, wanted());
      try (Informer _ =
          Informer.of(
              client, Kinds.POD, app.namespace(), pods, FieldSelector.EVERYTHING, followers)) {
        new CountDownLatch(1).await();
      }
      return;
    }
    List<ObjectNode> found =
        client.list(Kinds.POD, app.namespace(), ListOptions.labelled(pods)).items();
    found.forEach(pod -> printer.expect(Json.name(pod)));
    for (ObjectNode pod : found.stream().sorted(Comparator.comparing(Json::name)).toList()) {
      readOne(client, ObjectKey.of(pod), printer);
    }
    if (found.isEmpty()) {
      terminal.say(
          "ModelApp " + app.name() + " has no pods; berth status " + app.name() + " says why.");
    }
  }

  /// One silent pod must not hide the others.
  private void readOne(ApiClient client, ObjectKey pod, LinePrinter printer) throws IOException {
    try {
      PodLog.read(client, pod, wanted(), line -> printer.print(pod.name(), line));
    } catch (ApiException e) {
      terminal.flush();
      terminal.say(Printable.line(pod.name() + ": " + e.error().message()));
    }
  }
}
