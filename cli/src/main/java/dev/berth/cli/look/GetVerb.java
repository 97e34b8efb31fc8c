package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Form;
import dev.berth.cli.verb.Raw;
import dev.berth.cli.verb.Selection;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth get",
    header = {
      "Example:",
      "  berth get modelapps",
      "  berth get pods -A -o wide",
      "  berth get pods -l berth.dev/modelapp=digits -w",
      "  berth get mapp/digits -o yaml",
      "  berth get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
      ""
    },
    description = "%nShows objects.")
public final class GetVerb extends ClientVerb {
  /// What `-o` takes.
  enum Output {
    table,
    wide,
    yaml,
    json,
    name,
    jsonpath
  }

  @Parameters(
      paramLabel = "TYPE [NAME]",
      arity = "1..*",
      description = "A type (pods, po, mapp, all ...) and names, or TYPE/NAME.")
  List<String> words = List.of();

  @Mixin final Selection selection = new Selection();

  @Option(
      names = {"-w", "--watch"},
      description = "Keep watching; one line per change. Ctrl-C ends it.")
  boolean watch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, wide, yaml, json, name or jsonpath=TEMPLATE.")
  String form = "table";

  @Option(names = "--show-labels", description = "One more column: the labels.")
  boolean showLabels;

  private Output output = Output.table;

  public GetVerb(Terminal terminal) {
    super(terminal);
  }

  private static Output output(String form) {
    String word = form.split("=", 2)[0];
    Output found =
        Arrays.stream(Output.values())
            .filter(o -> o.name().equals(word))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.of(
                        "there is no form \"" + Printable.line(word) + "\"",
                        "-o table, wide, yaml, json, name or jsonpath='{.metadata.name}'"));
    if ((found == Output.jsonpath) != form.contains("=")) {
      throw Failure.of(
          "-o " + Printable.line(form) + " cannot be read",
          "a template belongs to jsonpath: -o jsonpath='{.metadata.name}'");
    }
    return found;
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    output = output(form);
    Types.Wanted wanted = Types.wanted(words);
    if (selection.isGiven() && !wanted.names().isEmpty()) {
      throw Failure.of("names and a selector do not go together");
    }
    if (watch && (wanted.types().size() > 1 || wanted.names().size() > 1)) {
      throw Failure.of("only one type, and at most one name, can be watched at a time");
    }
    if (watch && output != Output.table && output != Output.wide) {
      throw Failure.of(
          "-w shows a table: it does not go with -o " + output, "leave out -o, or use -o wide");
    }
    return switch (output) {
      case table, wide -> tables(client, wanted, selection.namespace(inNamespace));
      case yaml, json, name, jsonpath -> objects(client, wanted, selection.namespace(inNamespace));
    };
  }

  private Exit tables(ApiClient client, Types.Wanted wanted, String inNamespace)
      throws IOException {
    boolean some = false;
    for (ResourceType type : wanted.types()) {
      ServerTable table = table(client, type, inNamespace, wanted.names());
      if (!table.rows().isEmpty() || watch) {
        terminal.data(
            (some ? "\n" : "")
                + (wanted.types().size() > 1 ? type.kind() + "\n" : "")
                + String.join("\n", print(table, client, type, inNamespace, wanted.names())));
        some = true;
      }
    }
    if (!some) {
      terminal.say(
          "No resources found"
              + (inNamespace.isEmpty() ? "." : " in namespace " + inNamespace + "."));
    }
    return Exit.OK;
  }

  private List<String> print(
      ServerTable table, ApiClient client, ResourceType type, String ns, List<String> names)
      throws IOException {
    Table layout = new Table(table.headings());
    List<String> lines = layout.lines(table.rows());
    if (!watch) {
      return lines;
    }
    lines.forEach(terminal::data);
    new TableWatch(terminal, client, path(type, ns, query(names)), extras(selection.isEverywhere()))
        .follow(layout, table.resourceVersion());
    return List.of();
  }

  /// Named objects are asked for one by one, so that a missing one is said by name.
  private ServerTable table(ApiClient client, ResourceType type, String ns, List<String> names)
      throws IOException {
    if (names.isEmpty() || watch) {
      return ServerTable.of(
          ask(client, path(type, ns, query(names))),
          extras(selection.isEverywhere() && type.namespaced()));
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = List.of();
    for (String name : names) {
      ServerTable one = ServerTable.of(ask(client, type.objectPath(ns, name)), extras(false));
      headings = one.headings();
      rows.addAll(one.rows());
    }
    return new ServerTable(headings, rows, "");
  }

  private ServerTable.Extras extras(boolean namespaces) {
    return new ServerTable.Extras(output == Output.wide, namespaces, showLabels);
  }

  private String query(List<String> names) {
    String labels =
        selection.isGiven() ? "labelSelector=" + Raw.encode(selection.labels().toString()) : "";
    return names.isEmpty()
        ? labels
        : "fieldSelector=" + Raw.encode("metadata.name=" + names.getFirst());
  }

  private static String path(ResourceType type, String ns, String query) {
    return type.collectionPath(ns) + (query.isEmpty() ? "" : "?" + query);
  }

  private static JsonNode ask(ApiClient client, String path) throws IOException {
    return Raw.ask(
        client, "GET", path, Map.of("Accept", ServerTable.ACCEPT), BodyPublishers.noBody());
  }

  private Exit objects(ApiClient client, Types.Wanted wanted, String ns) {
    List<ObjectNode> found = new ArrayList<>();
    for (ResourceType type : wanted.types()) {
      if (wanted.names().isEmpty()) {
        found.addAll(client.list(type, ns, ListOptions.labelled(selection.labels())).items());
      }
      wanted
          .names()
          .forEach(
              name ->
                  found.add(client.get(type, new ObjectKey(type.namespaced() ? ns : "", name))));
    }
    write(found, !wanted.names().isEmpty() && found.size() == 1);
    return Exit.OK;
  }

  private void write(List<ObjectNode> found, boolean alone) {
    if (output == Output.name) {
      found.forEach(
          object ->
              terminal.data(
                  Json.text(object, "kind").toLowerCase(java.util.Locale.ROOT)
                      + "/"
                      + Printable.line(Json.name(object))));
      return;
    }
    JsonNode tree = alone ? found.getFirst() : Form.listOf(found);
    if (output == Output.jsonpath) {
      String text = JsonPath.of(form.substring(form.indexOf('=') + 1)).print(tree);
      // only a terminal must not be told what to do: a file is the value, byte by byte
      terminal.dataStream().print(terminal.dataIsSeen() ? Printable.text(text) : text);
      return;
    }
    terminal.data(
        (output == Output.json ? Json.pretty(tree) : YamlWriter.write(tree)).stripTrailing());
  }
}
