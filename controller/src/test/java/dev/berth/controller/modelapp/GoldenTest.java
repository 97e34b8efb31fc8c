package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.codec.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The example that users start from expands to what was reviewed. `-Dberth.refresh=true` writes
/// the golden file.
class GoldenTest {
  private static final Path MANIFEST = Path.of("../manifests/digits/modelapp.yaml");
  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/berth/controller/modelapp/digits.json");

  @Test
  void theExampleExpandsToTheGoldenObjects() throws IOException {
    String made =
        Stream.of(expanded().services, expanded().deployments, expanded().slices)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(Json::name))
            .map(Json::pretty)
            .collect(Collectors.joining("\n", "", "\n"));
    if (Boolean.getBoolean("berth.refresh")) {
      Files.createDirectories(Objects.requireNonNull(GOLDEN.getParent()));
      Files.writeString(GOLDEN, made);
    }
    assertEquals(Files.readString(GOLDEN), made);
  }

  /// With images in place of its builds.
  private static World expanded() throws IOException {
    ObjectNode tree =
        Manifests.parse("modelapp.yaml", Files.readAllBytes(MANIFEST)).getFirst().tree();
    ObjectNode spec = Json.ensure(tree, "spec");
    for (String component : List.of("model", "app")) {
      ObjectNode part = Json.ensure(spec, component);
      part.remove("build");
      part.put("image", "default/digits-" + component + "@sha256:" + "0".repeat(64));
    }
    return new World(spec.toString()).perform();
  }
}
