package dev.berth.agent.image;

import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.agent.linux.AtomicFile;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The layers, each unpacked once under the digest of its uncompressed archive, and the images made
/// of them.
///
/// A layer or an image appears by rename, so that a crash leaves it whole or absent. Images are
/// small JSON files named by manifest digest; names are not kept here but in [ImageNames].
public final class ContentStore {
  private static final int NAME =
      32; // of 64 hex digits: overlay takes all lower directories in one page of options
  private static final Logger log = LoggerFactory.getLogger(ContentStore.class);
  private final Layout layout;
  private final Syscalls sys;

  public ContentStore(Path dataDir, Syscalls sys) {
    this.layout = new Layout(dataDir);
    this.sys = sys;
    try {
      Files.createDirectories(layout.images());
      removeUnfinished();
      Files.createDirectories(layout.temporary());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the content store in " + dataDir, e);
    }
  }

  private void removeUnfinished() throws IOException {
    if (Files.exists(layout.temporary())) {
      try {
        FileTree.delete(layout.temporary());
      } catch (UncheckedIOException e) {
        log.atWarn().setCause(e).log("cannot remove what a pull left unfinished");
      }
    }
  }

  public Path layer(Digest diffId) {
    return layout.layers().resolve(diffId.hex().substring(0, NAME));
  }

  public boolean hasLayer(Digest diffId) {
    return Files.isDirectory(layer(diffId));
  }

  /// `the disk of DIRECTORY is full (N free now that the part is removed)`.
  public String full() {
    String disk = "the disk of " + layout.root() + " is full";
    try {
      long free = Files.getFileStore(layout.root()).getUsableSpace();
      return disk + " (" + ExitCause.bytes(free) + " free now that the part is removed)";
    } catch (IOException e) {
      return disk;
    }
  }

  /// The same as a sentence's end where that is why something failed; empty where it failed
  /// otherwise.
  public Optional<String> fullAsSaidBy(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      if (message.contains("No space left on device") || message.contains("ENOSPC")) {
        return Optional.of(full());
      }
    }
    return Optional.empty();
  }

  /// A directory on the same file system in which to prepare something that is renamed into place.
  public Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(layout.temporary(), prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Unpacks an archive (plain, gzip or zstd) as the layer with this digest; wrong bytes leave
  /// nothing behind.
  public void addLayer(Digest diffId, InputStream archive) throws IOException {
    if (hasLayer(diffId)) {
      return;
    }
    Path fresh = temporary("layer");
    boolean done = false;
    try {
      Digest found = new LayerUnpacker(sys, LayerUnpacker.Bounds.generous()).unpack(archive, fresh);
      if (!found.equals(diffId)) {
        throw new IOException(
            "layer digest mismatch: the config says " + diffId + ", the archive has " + found);
      }
      adopt(diffId, fresh);
      done = true;
    } finally {
      if (!done) {
        FileTree.delete(fresh);
      }
    }
  }

  /// Takes a prepared directory (in overlay's own form) as a layer. Loses to one that came first:
  /// they are equal.
  public void adopt(Digest diffId, Path prepared) throws IOException {
    int fd =
        sys.openat(
            Linux.AT_FDCWD,
            prepared.toString(),
            Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
            0);
    sys.syncfs(fd);
    sys.close(fd);
    try {
      Files.move(prepared, layer(diffId), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (IOException e) {
      if (!hasLayer(diffId)) {
        throw e;
      }
      FileTree.delete(prepared);
    }
  }

  /// Remembers an image whose layers are all here.
  ///
  /// @param origin from where its layers can be had again, as its text names it; empty for an image
  ///   built here
  public Image addImage(Digest digest, byte[] manifest, byte[] config, Optional<Origin> origin) {
    ObjectNode entry = Json.object();
    origin.ifPresent(
        o ->
            entry
                .putObject("origin")
                .put("host", o instanceof Origin.Remote r ? r.host() : "")
                .put("repository", o.repository()));
    entry.set("manifest", Json.parse(manifest));
    entry.set("config", Json.parse(config));
    try {
      AtomicFile.write(file(digest), Json.bytes(entry));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember image " + digest, e);
    }
    return find(digest)
        .orElseThrow(() -> new IllegalStateException("image " + digest + " lacks a layer"));
  }

  private Path file(Digest digest) {
    return layout.images().resolve(digest.hex() + ".json");
  }

  /// The image, if every layer of it is here.
  public Optional<Image> find(Digest digest) {
    try {
      return Files.exists(file(digest))
          ? read(digest, Json.parse(Files.readAllBytes(file(digest))))
          : Optional.empty();
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return Optional.empty(); // damaged: it is pulled again
    }
  }

  private Optional<Image> read(Digest digest, JsonNode entry) {
    if (!entry.path("manifest").isObject() || !entry.path("config").isObject()) {
      return Optional.empty();
    }
    ImageConfig config = ImageConfig.read(Json.bytes(entry.path("config")));
    if (!config.diffIds().stream().allMatch(this::hasLayer)) {
      return Optional.empty();
    }
    List<Path> layers =
        new ArrayList<>(config.diffIds().reversed().stream().map(this::layer).distinct().toList());
    if (layers.isEmpty()) {
      layers.add(empty());
    }
    String source = Json.text(entry, "manifest", "annotations", Manifests.SOURCE);
    long size =
        entry
            .path("manifest")
            .path("layers")
            .valueStream()
            .mapToLong(l -> l.path("size").asLong(0))
            .sum();
    return Optional.of(new Image(digest, source, config, layers, size));
  }

  /// The layer of `scratch`: overlay wants at least one lower directory.
  public Path empty() {
    Path dir = layout.layers().resolve("empty");
    try {
      return Files.createDirectories(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The manifest of an image that is here.
  public Optional<JsonNode> manifest(Digest digest) {
    return entry(digest).map(e -> e.path("manifest"));
  }

  /// From where the image came.
  public Optional<Origin> origin(Digest digest) {
    return entry(digest)
        .map(e -> e.path("origin"))
        .filter(JsonNode::isObject)
        .map(
            o -> {
              String host = Json.text(o, "host");
              String repository = Json.text(o, "repository");
              return host.isEmpty()
                  ? new Origin.Cluster(repository)
                  : new Origin.Remote(host, repository);
            });
  }

  private Optional<JsonNode> entry(Digest digest) {
    try {
      return Optional.of(Json.parse(Files.readAllBytes(file(digest))));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  public List<Image> images() {
    try (Stream<Path> files = Files.list(layout.images())) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.length() == 64 + 5 && n.endsWith(".json"))
          .flatMap(n -> find(new Digest("sha256", n.substring(0, 64))).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
