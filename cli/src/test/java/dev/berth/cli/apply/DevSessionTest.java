package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevSessionTest {
  @TempDir Path dir;

  /// A rollout may begin while the process ends: nobody would delete what it makes.
  @Test
  void nothingIsMadeAfterTheEnd() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: late}\n");
    Target late = Targets.of(ManifestFiles.read(List.of(file.toString())), "default").getFirst();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = Terminal.of(new ByteArrayOutputStream(), err, Map.of(), new Properties());
    try (ApiClient nobody = nobody()) {
      DevSession session =
          new DevSession(
              terminal, nobody, new Sources(), "default", "", UnaryOperator.identity(), false);

      session.end();

      assertThrows(InterruptedException.class, () -> session.create(late, late.tree()));
      session.end();
    }
    assertEquals("Stopped; nothing was deleted.\n", err.toString(StandardCharsets.UTF_8));
  }

  /// Where nothing listens: a request would fail as what it is.
  private static ApiClient nobody() {
    return ApiClient.of(
        new Kubeconfig(
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("t"),
            "default"),
        new Random(1));
  }
}
