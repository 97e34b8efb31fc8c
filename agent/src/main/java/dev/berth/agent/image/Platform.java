package dev.berth.agent.image;

/// For which machine an image is.
record Platform(String os, String architecture) {
  static final Platform HOST = new Platform("linux", host());

  private static String host() {
    String name = System.getProperty("os.arch", "");
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }

  /// What is not said fits everywhere.
  boolean fits(Platform host) {
    return (os.isEmpty() || os.equals(host.os))
        && (architecture.isEmpty() || architecture.equals(host.architecture));
  }

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
