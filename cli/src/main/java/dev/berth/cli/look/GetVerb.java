package dev.berth.cli.look;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    name
  }

  @Parameters(
      paramLabel = "TYPE [NAME]",
      arity = "1..*",
      description = "A type (pods, po, mapp, all ...) and names, or TYPE/NAME.")
  List<String> words = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In every namespace.")
  boolean everywhere;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "Only with these labels: a=b,c!=d,e in (x,y),!f.")
  @Nullable String selector;

  @Option(
      names = {"-w", "--watch"},
      description = "Keep watching; one line per change. Ctrl-C ends it.")
  boolean watch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "wide, yaml, json or name.")
  Output output = Output.table;

  @Option(names = "--show-labels", description = "One more column: the labels.")
  boolean showLabels;

  public GetVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    Types.Wanted wanted = Types.wanted(words);
    if (selector != null && !wanted.names().isEmpty()) {
      throw Failure.of("names and a selector do not go together");
    }
    if (watch && (wanted.types().size() > 1 || wanted.names().size() > 1)) {
      throw Failure.of("only one type, and at most one name, can be watched at a time");
    }
    return switch (output) {
      case table, wide -> tables(client, wanted, everywhere ? "" : inNamespace);
      case yaml, json, name -> objects(client, wanted, everywhere ? "" : inNamespace);
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
    new TableWatch(terminal, client, path(type, ns, query(names)), extras(everywhere))
        .follow(layout, table.resourceVersion());
    return List.of();
  }

  /// Named objects are asked for one by one, so that a missing one is said by name.
  private ServerTable table(ApiClient client, ResourceType type, String ns, List<String> names)
      throws IOException {
    if (names.isEmpty() || watch) {
      return ServerTable.of(
          ask(client, path(type, ns, query(names))), extras(everywhere && type.namespaced()));
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
        selector == null ? "" : "labelSelector=" + encode(LabelSelector.parse(selector).toString());
    return names.isEmpty()
        ? labels
        : "fieldSelector=" + encode("metadata.name=" + names.getFirst());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String path(ResourceType type, String ns, String query) {
    return type.collectionPath(ns) + (query.isEmpty() ? "" : "?" + query);
  }

  private static JsonNode ask(ApiClient client, String path) throws IOException {
    HttpResponse<InputStream> response =
        client.raw("GET", path, Map.of("Accept", ServerTable.ACCEPT), BodyPublishers.noBody());
    try (InputStream body = response.body()) {
      JsonNode answer = Json.parse(body.readAllBytes());
      if (response.statusCode() != 200) {
        throw new ApiException(ApiError.fromStatus(response.statusCode(), answer));
      }
      return answer;
    }
  }

  private Exit objects(ApiClient client, Types.Wanted wanted, String ns) {
    List<ObjectNode> found = new ArrayList<>();
    for (ResourceType type : wanted.types()) {
      LabelSelector labels =
          selector == null ? LabelSelector.EVERYTHING : LabelSelector.parse(selector);
      if (wanted.names().isEmpty()) {
        found.addAll(
            client.list(type, ns, ListOptions.selecting(labels, FieldSelector.EVERYTHING)).items());
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
                      + dev.berth.cli.term.Printable.line(Json.name(object))));
      return;
    }
    JsonNode tree = alone ? found.getFirst() : listOf(found);
    terminal.data(
        (output == Output.json ? Json.pretty(tree) : YamlWriter.write(tree)).stripTrailing());
  }

  private static ObjectNode listOf(List<ObjectNode> found) {
    ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    found.forEach(items::add);
    return list;
  }
}
