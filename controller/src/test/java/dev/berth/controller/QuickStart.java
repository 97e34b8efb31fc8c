package dev.berth.controller;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Commands for JVMs of this class path that start in a fraction of the usual time, for tests that
/// start many: one run writes an AOT cache (JEP 483, 515), the others use it. The cache wants jars,
/// so directories of classes are packed first.
final class QuickStart {
  private final String classPath;
  private final Path cache;

  private QuickStart(String classPath, Path cache) {
    this.classPath = classPath;
    this.cache = cache;
  }

  /// @param home a directory of the test's own, made here
  static QuickStart of(Path home) throws IOException {
    Files.createDirectories(home);
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      jars.add(Files.isDirectory(Path.of(entry)) ? packed(entry, home, jars.size()) : entry);
    }
    return new QuickStart(String.join(File.pathSeparator, jars), home.resolve("classes.aot"));
  }

  private static String packed(String directory, Path home, int number) {
    String jar = home.resolve(number + ".jar").toString();
    int code =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(System.err, System.err, "--create", "--file", jar, "-C", directory, ".");
    if (code != 0) {
      throw new IllegalStateException("jar ended with " + code + " for " + directory);
    }
    return jar;
  }

  /// The beginning of a command whose JVM writes the cache when it ends in order.
  List<String> learn() {
    return java("-XX:AOTCacheOutput=" + cache);
  }

  /// The beginning of a command; without a cache it is only slower.
  List<String> start() {
    return java("-XX:AOTCache=" + cache);
  }

  private List<String> java(String flag) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xlog:aot*=off",
        "-Xlog:cds*=off",
        flag,
        "-cp",
        classPath);
  }
}
