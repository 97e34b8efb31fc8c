package dev.berth.cli.verb;

import dev.berth.api.Json;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How an answer that is one tree is written: for reading, or for programs.
public final class Form {
  /// What `-o` takes.
  enum Kind {
    text,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "json or yaml.")
  Kind kind = Kind.text;

  public boolean isText() {
    return kind == Kind.text;
  }

  /// Several objects as one tree.
  public static ObjectNode listOf(List<ObjectNode> objects) {
    ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
    ArrayNode items = list.putArray("items");
    objects.forEach(items::add);
    return list;
  }

  public void print(Terminal terminal, JsonNode tree) {
    String written = kind == Kind.yaml ? YamlWriter.write(tree) : Json.pretty(tree);
    terminal.data(written.stripTrailing());
  }
}
