package dev.berth.api.build;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// A packed build context as an artifact of the cluster's registry: one layer, no configuration.
/// Its digest is a function of the files, whoever packed them; an `ImageBuild` names it.
///
/// @param archive digest of the gzipped tar
/// @param bytes of the gzipped tar
public record ContextArtifact(Digest archive, long bytes) {
  public static final String ARTIFACT_TYPE = "application/vnd.berth.build-context.v1";
  public static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  /// The configuration that every such artifact has.
  public static byte[] configuration() {
    return EMPTY.clone();
  }

  /// Always the same bytes for the same archive.
  public byte[] manifest() {
    ObjectNode manifest =
        Json.object()
            .put("schemaVersion", 2)
            .put("mediaType", MANIFEST_TYPE)
            .put("artifactType", ARTIFACT_TYPE);
    manifest.set("config", descriptor(EMPTY_TYPE, Digest.sha256(EMPTY), EMPTY.length));
    manifest.putArray("layers").add(descriptor(LAYER_TYPE, archive, bytes));
    return Json.canonical(manifest);
  }

  /// What an `ImageBuild` calls the context.
  public Digest digest() {
    return Digest.sha256(manifest());
  }

  private static ObjectNode descriptor(String type, Digest digest, long size) {
    return Json.object().put("mediaType", type).put("digest", digest.toString()).put("size", size);
  }
}
