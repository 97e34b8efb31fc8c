package dev.berth.cli.bootstrap;

/// This machine's architecture in the words of images, which Debian shares.
final class Architecture {
  private Architecture() {}

  static String ofImages() {
    return switch (System.getProperty("os.arch", "")) {
      case "aarch64" -> "arm64";
      case "x86_64", "amd64" -> "amd64";
      case String other -> other;
    };
  }
}
