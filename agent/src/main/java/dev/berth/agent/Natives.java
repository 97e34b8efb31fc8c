package dev.berth.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// JNA's native half is unpacked into our own directory: a temp directory may forbid execution.
final class Natives {
  private Natives() {}

  static void keepIn(Path lib) {
    try {
      Files.createDirectories(lib);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (System.getProperty("jna.tmpdir") == null) {
      System.setProperty("jna.tmpdir", lib.toString());
    }
  }
}
