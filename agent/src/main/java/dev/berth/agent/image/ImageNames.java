package dev.berth.agent.image;

import dev.berth.agent.linux.AtomicFile;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// What a name meant when it was last resolved on this host, by namespace: a container restarts
/// without asking a registry.
public final class ImageNames {
  private static final Logger log = LoggerFactory.getLogger(ImageNames.class);
  private final Path file;
  private final Map<String, Digest> names = new TreeMap<>();

  public ImageNames(Path dataDir) {
    this.file = dataDir.resolve("images").resolve("names.json");
    if (Files.exists(file)) {
      read();
    }
  }

  /// What cannot be read is learned anew from the registries.
  private void read() {
    try {
      Json.strings(Json.parse(Files.readAllBytes(file)))
          .forEach((name, digest) -> names.put(name, Digest.parse(digest)));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      names.clear();
      log.atWarn().addKeyValue("file", file).setCause(e).log("image names are damaged: forgotten");
    }
  }

  public synchronized Optional<Digest> find(String namespace, String name) {
    return Optional.ofNullable(names.get(namespace + " " + name));
  }

  public synchronized Map<String, Digest> all() {
    return Map.copyOf(names);
  }

  public synchronized void put(String namespace, String name, Digest digest) {
    if (digest.equals(names.put(namespace + " " + name, digest))) {
      return;
    }
    ObjectNode tree = Json.object();
    names.forEach((n, d) -> tree.put(n, d.toString()));
    try {
      Files.createDirectories(file.getParent() == null ? file : file.getParent());
      AtomicFile.write(file, Json.bytes(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
