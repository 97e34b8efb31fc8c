package dev.berth.cli.bootstrap;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Docker Hub: whether it can be reached, and copying one image of this machine's architecture. The
/// manifest keeps its bytes, so its digest is the Hub's own.
final class Hub {
  private static final String HOST = "registry-1.docker.io";
  private static final int CONNECT_MILLIS = 3000;

  private Hub() {}

  static Optional<String> whyUnreachable() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getAllByName(HOST)[0], 443), CONNECT_MILLIS);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("the name " + HOST + " does not resolve");
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static void copy(HubName name, Destination to, Consumer<String> say) throws IOException {
    try (Registry hub = Registry.of(URI.create("https://" + HOST), null, Optional.empty())) {
      Registry.Manifest manifest = forThisMachine(hub, name, found(hub, name, name.tag()));
      for (JsonNode blob : blobs(manifest.tree())) {
        copyBlob(hub, name, to, blob, say);
      }
      to.registry()
          .putManifest(
              to.repository(),
              manifest.digest().toString(),
              manifest.mediaType(),
              manifest.bytes());
      to.registry().putManifest(to.repository(), to.tag(), manifest.mediaType(), manifest.bytes());
    }
  }

  private static Registry.Manifest found(Registry hub, HubName name, String reference)
      throws IOException {
    return hub.manifest(name.repository(), reference)
        .orElseThrow(
            () ->
                Failure.of(
                    "docker.io has no " + name.repository() + ":" + reference,
                    "check the name and the tag"));
  }

  private static Registry.Manifest forThisMachine(Registry hub, HubName name, Registry.Manifest top)
      throws IOException {
    if (!top.tree().has("manifests")) {
      return top;
    }
    String architecture = Architecture.ofImages();
    for (JsonNode entry : top.tree().path("manifests")) {
      JsonNode platform = entry.path("platform");
      if (Json.text(platform, "os").equals("linux")
          && Json.text(platform, "architecture").equals(architecture)) {
        return found(hub, name, Json.text(entry, "digest"));
      }
    }
    throw Failure.of(
        name.repository() + ":" + name.tag() + " has no image for linux/" + architecture);
  }

  private static List<JsonNode> blobs(JsonNode manifest) {
    List<JsonNode> blobs = new ArrayList<>(List.of(manifest.path("config")));
    manifest.path("layers").forEach(blobs::add);
    return blobs;
  }

  private static void copyBlob(
      Registry hub, HubName name, Destination to, JsonNode blob, Consumer<String> say)
      throws IOException {
    Digest digest = Digest.parse(Json.text(blob, "digest"));
    long size = blob.path("size").asLong(0);
    say.accept("copy          " + digest.shortHex() + "  " + Spans.bytes(size));
    to.registry().uploadBlob(to.repository(), digest, size, () -> open(hub, name, digest));
  }

  private static InputStream open(Registry hub, HubName name, Digest digest) {
    try {
      return hub.blob(name.repository(), digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
