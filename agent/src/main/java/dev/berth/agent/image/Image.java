package dev.berth.agent.image;

import dev.berth.api.Digest;
import java.nio.file.Path;
import java.util.List;

/// An image that is here, complete. `layers` are its unpacked directories, uppermost first, as
/// overlay wants them; `source` tells where a substitute came from (the manifest's annotation),
/// empty otherwise.
public record Image(
    Digest digest, String source, ImageConfig config, List<Path> layers, long size) {
  public Image {
    layers = List.copyOf(layers);
  }
}
