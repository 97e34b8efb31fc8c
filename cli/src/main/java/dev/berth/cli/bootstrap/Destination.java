package dev.berth.cli.bootstrap;

import dev.berth.client.Registry;

/// Where the image goes: the cluster's registry, a repository, a tag.
record Destination(Registry registry, String repository, String tag) {
  /// The manifest's annotation that says where an image came from.
  static final String SOURCE = "dev.berth.image.source";
}
