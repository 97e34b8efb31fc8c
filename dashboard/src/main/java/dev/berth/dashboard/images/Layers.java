package dev.berth.dashboard.images;

import dev.berth.api.Json;
import dev.berth.dashboard.rows.Verdict;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Puts an image's layers and the steps that made them together.
final class Layers {
  private Layers() {}

  /// One step that left a layer.
  private record Step(String instruction, LayerPart part) {}

  /// @param layers of the manifest, the lowest first
  static void write(ArrayNode list, List<JsonNode> layers, JsonNode config) {
    List<Step> steps = steps(config);
    // A history of another length tells of other layers: better no text than a wrong one.
    boolean known = steps.size() == layers.size();
    for (int i = 0; i < layers.size(); i++) {
      Step step =
          known ? steps.get(i) : new Step("", i == 0 ? LayerPart.BASE : LayerPart.APPLICATION);
      list.addObject()
          .put("digest", Json.text(layers.get(i), "digest"))
          .put("size", layers.get(i).path("size").asLong(0))
          .put("part", step.part().text())
          .put("instruction", Verdict.shown(step.instruction()));
    }
  }

  /// All steps of one build here begin at one time, which is the image's own; what is older came
  /// with the base. Of an image from elsewhere only the first layer is surely its base.
  private static List<Step> steps(JsonNode config) {
    String built = Json.text(config, "created");
    boolean here = isBuiltHere(config);
    List<Step> steps = new ArrayList<>();
    for (JsonNode entry : config.path("history")) {
      if (entry.path("empty_layer").asBoolean(false)) {
        continue;
      }
      String text = Json.text(entry, "created_by");
      boolean base = here ? !Json.text(entry, "created").equals(built) : steps.isEmpty();
      steps.add(new Step(text, base ? LayerPart.BASE : LayerPart.ofStep(text)));
    }
    return steps;
  }

  /// Other builders write a shell's command, or say that they are BuildKit.
  private static boolean isBuiltHere(JsonNode config) {
    JsonNode history = config.path("history");
    JsonNode last = history.path(history.size() - 1);
    String text = Json.text(last, "created_by");
    return !text.isEmpty()
        && !text.startsWith("/bin/sh -c")
        && !text.contains("# buildkit")
        && Json.text(last, "comment").isEmpty()
        && Json.text(last, "created").equals(Json.text(config, "created"));
  }
}
