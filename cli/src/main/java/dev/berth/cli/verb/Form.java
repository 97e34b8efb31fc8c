package dev.berth.cli.verb;

import dev.berth.api.Json;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.YamlWriter;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

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

  public void print(Terminal terminal, JsonNode tree) {
    String written = kind == Kind.yaml ? YamlWriter.write(tree) : Json.pretty(tree);
    terminal.data(written.stripTrailing());
  }
}
