package dev.berth.cli.bootstrap;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.node.ObjectNode;

/// An image of one layer: a root file system as mmdebstrap wrote it.
record BaseImage(
    Path layer, Digest layerDigest, long layerSize, Digest diffId, String source, String created) {
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  static BaseImage of(Path tar, Path gzip, String suite, long epoch) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip), 1 << 16)) {
      Files.copy(tar, out);
    }
    String source = "bootstrap (mmdebstrap, " + suite + " " + debianVersion(tar) + ")";
    return new BaseImage(
        gzip,
        digest(gzip),
        Files.size(gzip),
        digest(tar),
        source,
        Times.format(Instant.ofEpochSecond(epoch)));
  }

  private static Digest digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Digest.sha256(in);
    }
  }

  private static String debianVersion(Path tar) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().matches("(\\./)?etc/debian_version")) {
          return new String(in.readNBytes(64), StandardCharsets.UTF_8).strip();
        }
      }
    }
    return "unknown";
  }

  void push(Destination to) throws IOException {
    byte[] config = Json.canonical(config());
    to.registry()
        .uploadBlob(
            to.repository(),
            Digest.sha256(config),
            config.length,
            () -> new ByteArrayInputStream(config));
    to.registry().uploadBlob(to.repository(), layerDigest, layerSize, this::open);
    to.registry()
        .putManifest(to.repository(), to.tag(), MANIFEST_TYPE, Json.canonical(manifest(config)));
  }

  private ObjectNode config() {
    ObjectNode config =
        Json.object()
            .put("created", created)
            .put("architecture", Architecture.ofImages())
            .put("os", "linux");
    ObjectNode run = config.putObject("config");
    run.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    run.putArray("Cmd").add("bash");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(diffId.toString());
    config.putArray("history").addObject().put("created", created).put("created_by", source);
    return config;
  }

  private ObjectNode manifest(byte[] config) {
    ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
    manifest.set("config", descriptor(CONFIG_TYPE, Digest.sha256(config), config.length));
    manifest.putArray("layers").add(descriptor(LAYER_TYPE, layerDigest, layerSize));
    manifest.putObject("annotations").put(Destination.SOURCE, source);
    return manifest;
  }

  private static ObjectNode descriptor(String type, Digest digest, long size) {
    return Json.object().put("mediaType", type).put("digest", digest.toString()).put("size", size);
  }

  private InputStream open() {
    try {
      return Files.newInputStream(layer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
