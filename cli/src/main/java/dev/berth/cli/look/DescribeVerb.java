package dev.berth.cli.look;

import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Types;
import dev.berth.cli.why.Surroundings;
import dev.berth.cli.why.WhyPage;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth describe",
    header = {
      "Example:",
      "  berth describe modelapp digits",
      "  berth describe pod/digits-app-x7k2p",
      "  berth describe node",
      ""
    },
    description = "%nOne object: what it should be, what it is, and what happened to it.")
public final class DescribeVerb extends ClientVerb {

  @Parameters(
      paramLabel = "TYPE NAME",
      arity = "1..*",
      description = "A type and names, or TYPE/NAME.")
  List<String> words = List.of();

  private final InstantSource clock = InstantSource.system();

  public DescribeVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    Types.Wanted wanted = Types.wanted(words);
    if (wanted.types().size() != 1) {
      throw Failure.of("describe takes one type");
    }
    ResourceType type = wanted.types().getFirst();
    List<ObjectNode> objects = new ArrayList<>();
    if (wanted.names().isEmpty()) {
      objects.addAll(client.list(type, inNamespace, ListOptions.ALL).items());
    }
    String namespace = type.namespaced() ? inNamespace : "";
    wanted.names().forEach(name -> objects.add(client.get(type, new ObjectKey(namespace, name))));
    for (int i = 0; i < objects.size(); i++) {
      if (i > 0) {
        terminal.data("");
      }
      describe(client, type, objects.get(i));
    }
    return Exit.OK;
  }

  private void describe(ApiClient client, ResourceType type, ObjectNode object) {
    line("Name", Json.name(object));
    if (type.namespaced()) {
      line("Namespace", Json.namespace(object));
    }
    line("Kind", type.kind() + " (" + type.gvk().apiVersion() + ")");
    map("Labels", Json.labels(object));
    map("Annotations", Json.annotations(object));
    Times.at(object, "metadata", "creationTimestamp")
        .ifPresent(
            time ->
                line(
                    "Created",
                    Times.format(time)
                        + " ("
                        + age(object, "metadata", "creationTimestamp")
                        + " ago)"));
    for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
      line("Owner", Json.text(owner, "kind") + "/" + Json.text(owner, "name"));
    }
    if (Surroundings.ASKABLE.contains(type)) {
      explain(client, type, object);
    }
    sections(object, type);
    if (type.equals(Kinds.POD)) {
      section("Containers", ContainerRows.HEADINGS, ContainerRows.of(object));
    }
    conditions(Json.at(object, "status", "conditions"));
    events(client, object);
  }

  /// A ModelApp's wire; and of anything that is not well, why, with the fix and the last log lines.
  private void explain(ApiClient client, ResourceType type, ObjectNode object) {
    Instant now = clock.instant();
    Situation situation = Surroundings.of(client, object).situation(object);
    Explanation why = Why.of(situation, now);
    String same = sameServer(client, Json.namespace(object));
    if (type.equals(Kinds.MODEL_APP)) {
      terminal.data("");
      // The cause stands below, in full.
      Wire.of(situation, why, Wire.Look.of(terminal, now, server::reachable, same))
          .titleAndWire()
          .forEach(terminal::data);
    }
    if (why.root().isPresent()) {
      terminal.data("");
      terminal.data("Why:");
      new WhyPage(terminal.coloursInData(), terminal.dataColumns(), now, command -> command + same)
          .of(object, why)
          .forEach(text -> terminal.data(text.isEmpty() ? "" : "  " + text));
    }
  }

  private void line(String name, String value) {
    terminal.data(String.format("%-13s %s", name + ":", Printable.line(value)));
  }

  private void map(String name, java.util.Map<String, String> values) {
    String title = name;
    for (var entry : values.entrySet()) {
      if (!entry.getKey().equals("berth.dev/last-applied")
          && !entry.getKey().equals("berth.dev/previous-applied")
          && !entry.getKey().equals("kubectl.kubernetes.io/last-applied-configuration")) {
        terminal.data(
            String.format(
                "%-13s %s",
                title.isEmpty() ? "" : title + ":",
                Printable.line(entry.getKey() + "=" + entry.getValue())));
        title = "";
      }
    }
  }

  private void sections(ObjectNode object, ResourceType type) {
    for (var entry : object.properties()) {
      String name = entry.getKey();
      if (!List.of("apiVersion", "kind", "metadata").contains(name)
          && !Json.isEmpty(entry.getValue())) {
        JsonNode shown =
            type.equals(Kinds.SECRET) && name.equals("data")
                ? hidden(entry.getValue())
                : withoutConditions(entry.getValue());
        terminal.data("");
        terminal.data(Character.toUpperCase(name.charAt(0)) + name.substring(1) + ":");
        (shown.isValueNode() ? shown.asString() : YamlWriter.write(shown))
            .lines()
            .forEach(text -> terminal.data("  " + Printable.line(text)));
      }
    }
  }

  /// Sizes instead of values: describing a Secret must be safe over somebody's shoulder.
  private static ObjectNode hidden(JsonNode data) {
    ObjectNode sizes = Json.object();
    data.properties()
        .forEach(
            entry ->
                sizes.put(
                    entry.getKey(), entry.getValue().asString("").length() * 3 / 4 + " bytes"));
    return sizes;
  }

  private static JsonNode withoutConditions(JsonNode section) {
    if (!(section instanceof ObjectNode object) || !object.has("conditions")) {
      return section;
    }
    ObjectNode copy = object.deepCopy();
    copy.remove("conditions");
    return copy;
  }

  private void conditions(JsonNode conditions) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode condition : conditions) {
      rows.add(
          List.of(
              Json.text(condition, "type"),
              Json.text(condition, "status"),
              age(condition, "lastTransitionTime"),
              Json.text(condition, "reason"),
              Json.text(condition, "message")));
    }
    section("Conditions", List.of("type", "status", "since", "reason", "message"), rows);
  }

  private void events(ApiClient client, ObjectNode object) {
    List<List<String>> rows = new ArrayList<>();
    try {
      FieldSelector about =
          FieldSelector.parse(
              "involvedObject.name="
                  + Json.name(object)
                  + ",involvedObject.kind="
                  + Json.text(object, "kind"));
      client
          .list(
              Kinds.EVENT,
              Json.namespace(object),
              ListOptions.selecting(LabelSelector.EVERYTHING, about))
          .items()
          .stream()
          .sorted(Comparator.comparing((JsonNode event) -> Json.text(event, "lastTimestamp")))
          .forEach(
              event ->
                  rows.add(
                      List.of(
                          Json.text(event, "type"),
                          Json.text(event, "reason"),
                          age(event, "lastTimestamp"),
                          Json.optional(event, "source", "component")
                              .or(() -> Json.optional(event, "reportingComponent"))
                              .orElse(""),
                          Json.text(event, "message"))));
    } catch (ApiException e) {
      terminal.say("events cannot be read: " + Printable.line(e.error().message()));
    }
    section("Events", List.of("type", "reason", "age", "from", "message"), rows);
  }

  private void section(String title, List<String> headings, List<List<String>> rows) {
    terminal.data("");
    terminal.data(title + ":" + (rows.isEmpty() ? "  none" : ""));
    if (!rows.isEmpty()) {
      new Table(headings).lines(rows).forEach(line -> terminal.data("  " + line));
    }
  }

  private String age(JsonNode node, String... names) {
    return Times.at(node, names)
        .map(time -> Times.age(Duration.between(time, clock.instant())))
        .orElse("");
  }
}
