package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Runs a class in a process with network and mounts of its own, so that nothing of what it does to
/// them is left on this host.
final class InOwnNetwork {
  private InOwnNetwork() {}

  /// The lines that it prints with a colon and a blank. Skips the test, loudly, without root.
  ///
  /// @param dir the only argument of its `main`
  static List<String> run(Class<?> main, Path dir) throws IOException, InterruptedException {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      System.err.println("SKIPPED: network tests need root");
    }
    Assumptions.assumeTrue(root, "network tests need root");
    Process child =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), out);
    return out.lines().filter(l -> l.contains(": ")).toList();
  }
}
