package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The client library for Node.js, `@kubernetes/client-node`, cannot tell: a script goes through
/// what programs do with it, in a process of its own on a test host.
class NodeClientIT {
  private static final String SCRIPT = "/clients/node.mjs";
  private static final List<String> DONE =
      List.of(
          "create, read, replace",
          "list in pages",
          "apply on the server",
          "watch",
          "informer",
          "a pod becomes ready",
          "exec",
          "log",
          "port-forward",
          "delete");

  private @Nullable TestHost started;

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void aScriptDoesWhatProgramsDo() throws IOException, InterruptedException {
    Path library = library();
    TestHost host = TestHost.create("node");
    started = host;
    host.up().ok();
    host.buildShell("shell:1");
    TestHost.Ran ran =
        host.inNamespace(
            "env",
            "-i",
            "PATH=/usr/local/bin:/usr/bin:/bin",
            "HOME=" + host.dir(),
            "KUBECONFIG=" + host.dataDir().resolve("admin.kubeconfig"),
            "timeout",
            "120",
            "node",
            script(host).toString(),
            library.toString());
    assertEquals(
        DONE.stream().map(name -> "ok " + name).toList(),
        ran.out().lines().toList(),
        ran::toString);
    ran.ok();
  }

  private static Path script(TestHost host) throws IOException {
    try (InputStream in = NodeClientIT.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IOException(SCRIPT + " is not on the class path");
      }
      return Files.write(host.dir().resolve("node.mjs"), in.readAllBytes());
    }
  }

  /// The folder with its `node_modules`, where `.ci/run` puts it. Skips the test, loudly, without.
  private static Path library() throws IOException {
    Optional<Path> found = Optional.empty();
    String dir = System.getProperty(Client.DIRECTORY);
    if (dir != null && Files.isDirectory(Path.of(dir))) {
      try (Stream<Path> files = Files.list(Path.of(dir))) {
        found =
            files
                .filter(file -> String.valueOf(file.getFileName()).startsWith("client-node-"))
                .max(Path::compareTo);
      }
    }
    if (found.isEmpty()) {
      System.err.println(
          "SKIPPED: no @kubernetes/client-node; .ci/run fetches it, or name its folder's parent"
              + " with -D"
              + Client.DIRECTORY);
    }
    Assumptions.assumeTrue(found.isPresent(), "no @kubernetes/client-node");
    return found.orElseThrow().toAbsolutePath();
  }
}
