package dev.berth.cli.bootstrap;

import dev.berth.api.ImageRef;
import dev.berth.cli.term.Failure;
import java.util.Optional;

/// A name on Docker Hub, with what the short form leaves out: `debian` is `library/debian`.
record HubName(String repository, String tag) {
  static HubName of(ImageRef ref) {
    if (ref.host().filter(host -> !host.equals("docker.io")).isPresent()) {
      throw Failure.of(
          ref
              + " is not on Docker Hub: images with a host are pulled from that host when they are needed");
    }
    if (ref.digest().isPresent()) {
      throw Failure.of(
          ref + " names a digest: only its own registry can answer that",
          "name a tag: berth image bootstrap " + ref.repository() + ":TAG");
    }
    String repository =
        ref.repository().contains("/") ? ref.repository() : "library/" + ref.repository();
    return new HubName(repository, ref.tag().orElse("latest"));
  }

  /// Under which name the cluster's repository keeps it.
  ImageRef stored() {
    return new ImageRef(Optional.of("docker.io"), repository, Optional.of(tag), Optional.empty());
  }
}
