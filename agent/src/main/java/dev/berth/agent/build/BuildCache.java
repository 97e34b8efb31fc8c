package dev.berth.agent.build;

import dev.berth.agent.image.ContentStore;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Steps that were done before: from (parent, text, inputs) to the layer. Beside it, what each
/// place of a script was the last time, so that a miss can say what changed.
final class BuildCache {
  private final Path dir;
  private final ContentStore store;

  BuildCache(Path dir, ContentStore store) {
    this.dir = dir;
    this.store = store;
    try {
      Files.createDirectories(dir.resolve("steps"));
      Files.createDirectories(dir.resolve("places"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a step depends on.
  record Inputs(String parent, String text, String inputs) {
    String key() {
      return Digest.sha256((parent + "\0" + text + "\0" + inputs).getBytes(StandardCharsets.UTF_8))
          .hex();
    }
  }

  /// A layer, or nothing changed when it is absent.
  record Result(Optional<Digest> layer) {}

  Optional<Result> find(Inputs inputs) {
    return read(dir.resolve("steps").resolve(inputs.key() + ".json"))
        .map(n -> new Result(Json.optional(n, "layer").map(Digest::parse)))
        .filter(r -> r.layer().map(store::hasLayer).orElse(true));
  }

  void put(Inputs inputs, Result result) {
    ObjectNode node = Json.object();
    result.layer().ifPresent(l -> node.put("layer", l.toString()));
    write(dir.resolve("steps").resolve(inputs.key() + ".json"), node);
  }

  /// Why this place of this script is (not) taken from the cache; remembers it for the next time.
  String explain(String script, int step, Inputs now, boolean hit) {
    Path place =
        dir.resolve("places")
            .resolve(
                Digest.sha256((script + "\0" + step).getBytes(StandardCharsets.UTF_8)).hex()
                    + ".json");
    Optional<JsonNode> last = read(place);
    write(
        place,
        Json.object()
            .put("parent", now.parent())
            .put("text", now.text())
            .put("inputs", now.inputs()));
    if (hit) {
      return "cached: same step, same inputs, same steps before it";
    }
    if (last.isEmpty()) {
      return "not cached: never built here";
    }
    if (!now.text().equals(Json.text(last.get(), "text"))) {
      return "not cached: the instruction changed";
    }
    if (!now.inputs().equals(Json.text(last.get(), "inputs"))) {
      return now.text().startsWith("RUN")
          ? "not cached: a build argument changed"
          : "not cached: the copied files changed";
    }
    return now.parent().equals(Json.text(last.get(), "parent"))
        ? "not cached: its layer is no longer here"
        : "not cached: a step before it changed";
  }

  private static Optional<JsonNode> read(Path file) {
    try {
      return Optional.of(Json.parse(Files.readAllBytes(file)));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static void write(Path file, ObjectNode node) {
    try {
      Path fresh = Files.createTempFile(file.getParent(), "new", ".tmp");
      Files.write(fresh, Json.bytes(node));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
