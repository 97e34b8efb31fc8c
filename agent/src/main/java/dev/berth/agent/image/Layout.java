package dev.berth.agent.image;

import java.nio.file.Path;

/// Where the store keeps what, below the data directory.
record Layout(Path root) {
  Path layers() {
    return root.resolve("snapshots");
  }

  Path images() {
    return root.resolve("images");
  }

  Path temporary() {
    return root.resolve("snapshots").resolve(".new");
  }
}
