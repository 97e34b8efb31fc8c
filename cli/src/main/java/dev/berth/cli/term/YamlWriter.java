package dev.berth.cli.term;

import dev.berth.api.Json;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/// A tree as YAML that reads back as the same tree; control characters come out escaped.
public final class YamlWriter {
  private YamlWriter() {}

  public static String write(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(0);
    options.setWidth(120);
    options.setSplitLines(false);
    return new Yaml(options).dump(Json.mapper().convertValue(tree, Object.class));
  }
}
