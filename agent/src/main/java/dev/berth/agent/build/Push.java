package dev.berth.agent.build;

import dev.berth.agent.image.ContentStore;
import dev.berth.agent.image.LayerPacker;
import dev.berth.agent.image.Origin;
import dev.berth.agent.linux.AtomicFile;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.client.Registry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Brings a finished image into the cluster's registry. Layers of the base keep their own
/// compressed form: they are mounted from the base's repository or copied from where it came; our
/// own are packed once and found there the next time.
final class Push {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private final BuildHost host;
  private final Registry registry;
  private final String repository;
  private final Path packed;

  Push(BuildHost host, String repository) {
    this.host = host;
    this.registry = host.registries().cluster();
    this.repository = repository;
    this.packed = host.root().resolve("cache").resolve("packed");
  }

  Digest push(StageState state) throws IOException {
    Files.createDirectories(packed);
    Map<Digest, JsonNode> ofBase = baseLayers(state);
    ObjectNode config = config(state);
    byte[] configBytes = Json.canonical(config);
    Digest configDigest = Digest.sha256(configBytes);
    registry.uploadBlob(
        repository, configDigest, configBytes.length, () -> new ByteArrayInputStream(configBytes));
    ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", MANIFEST);
    manifest
        .putObject("config")
        .put("mediaType", CONFIG)
        .put("digest", configDigest.toString())
        .put("size", configBytes.length);
    ArrayNode layers = manifest.putArray("layers");
    for (Digest diffId : state.layers) {
      JsonNode known = ofBase.get(diffId);
      layers.add(known != null ? base(state, known) : own(diffId));
    }
    byte[] bytes = Json.canonical(manifest);
    Digest digest = Digest.sha256(bytes);
    registry.putManifest(repository, digest.hex().substring(0, 12), MANIFEST, bytes);
    host.images()
        .store()
        .addImage(digest, bytes, configBytes, Optional.of(new Origin.Cluster(repository)));
    return digest;
  }

  private static ObjectNode config(StageState state) {
    ObjectNode config = Json.object().put("architecture", "amd64").put("os", "linux");
    config.set("config", state.rendered());
    ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
    ArrayNode ids = rootfs.putArray("diff_ids");
    state.layers.forEach(d -> ids.add(d.toString()));
    config.set("history", state.history);
    JsonNode last = state.history.path(state.history.size() - 1).path("created");
    return last.isString() ? config.put("created", last.asString()) : config;
  }

  /// The base's own descriptors, by the digest of what they unpack to.
  private Map<Digest, JsonNode> baseLayers(StageState state) {
    Map<Digest, JsonNode> found = new HashMap<>();
    ContentStore store = host.images().store();
    state.base.ifPresent(
        base ->
            store
                .manifest(base)
                .ifPresent(
                    manifest ->
                        store
                            .find(base)
                            .ifPresent(
                                image -> {
                                  for (int i = 0; i < image.config().diffIds().size(); i++) {
                                    found.put(
                                        image.config().diffIds().get(i),
                                        manifest.path("layers").path(i));
                                  }
                                })));
    return found;
  }

  private JsonNode base(StageState state, JsonNode layer) throws IOException {
    Digest digest = Digest.parse(layer.path("digest").asString());
    long size = layer.path("size").asLong();
    Optional<Origin> origin = state.base.flatMap(host.images().store()::origin);
    if (!registry.hasBlob(repository, digest) && !mounted(origin, digest)) {
      Origin from =
          origin.orElseThrow(
              () -> new IOException("layer " + digest + " of the base image is nowhere to be had"));
      Registry source =
          host.registries()
              .of(from)
              .orElseThrow(
                  () -> new IOException("layer " + digest + " is only at " + from + " (offline)"));
      registry.uploadBlob(
          repository,
          digest,
          size,
          () -> {
            try {
              return source.blob(from.repository(), digest);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    String type =
        layer
            .path("mediaType")
            .asString(LAYER)
            .replace("application/vnd.docker.image.rootfs.diff.tar.gzip", LAYER);
    return Json.object().put("mediaType", type).put("digest", digest.toString()).put("size", size);
  }

  private boolean mounted(Optional<Origin> origin, Digest digest) throws IOException {
    return origin.isPresent()
        && origin.get() instanceof Origin.Cluster c
        && registry.mountBlob(repository, digest, c.repository());
  }

  /// Packed for the first push; afterwards its descriptor and a repository that has it are
  /// remembered.
  private JsonNode own(Digest diffId) throws IOException {
    Path note = packed.resolve(diffId.hex() + ".json");
    if (Files.exists(note)) {
      JsonNode known = Json.parse(Files.readAllBytes(note));
      Digest digest = Digest.parse(Json.text(known, "digest"));
      if (registry.hasBlob(repository, digest)
          || registry.mountBlob(repository, digest, Json.text(known, "repository"))) {
        return descriptor(digest, known.path("size").asLong());
      }
    }
    Path archive = Files.createTempFile(packed, "layer", ".tar.gz");
    try {
      MessageDigest hash = Digest.sha256(new byte[0]).hasher();
      try (OutputStream out =
          new GZIPOutputStream(
              new DigestOutputStream(Files.newOutputStream(archive), hash), 64 * 1024)) {
        LayerPacker.pack(
            host.containers().machine().sys(), host.images().store().layer(diffId), out);
      }
      Digest digest = Digest.finish("sha256", hash.digest());
      long size = Files.size(archive);
      registry.uploadBlob(repository, digest, size, () -> open(archive));
      AtomicFile.write(
          note,
          Json.bytes(
              Json.object()
                  .put("digest", digest.toString())
                  .put("size", size)
                  .put("repository", repository)));
      return descriptor(digest, size);
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode descriptor(Digest digest, long size) {
    return Json.object().put("mediaType", LAYER).put("digest", digest.toString()).put("size", size);
  }
}
