package dev.berth.cli.term;

import dev.berth.api.Json;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
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
    return new Yaml(new Blocks(options), options)
        .dump(Json.mapper().convertValue(tree, Object.class));
  }

  /// Texts of several lines stand as they are, behind a `|`, where YAML lets them.
  private static final class Blocks extends Representer {
    Blocks(DumperOptions options) {
      super(options);
    }

    @Override
    protected Node representScalar(Tag tag, String value, DumperOptions.ScalarStyle style) {
      boolean text = tag.equals(Tag.STR) && value.indexOf('\n') >= 0;
      return super.representScalar(tag, value, text ? DumperOptions.ScalarStyle.LITERAL : style);
    }
  }
}
