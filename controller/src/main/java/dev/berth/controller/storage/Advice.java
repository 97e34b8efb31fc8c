package dev.berth.controller.storage;

import java.nio.file.Path;

/// What to do about a store that cannot be opened, in words that can be typed as they are.
final class Advice {
  private Advice() {}

  /// @param database the file of the store, which lies two levels below the data directory
  static String restore(Path database) {
    return "put a backup in its place with berth restore FILE --force --data-dir "
        + database.toAbsolutePath().resolve("../..").normalize();
  }
}
