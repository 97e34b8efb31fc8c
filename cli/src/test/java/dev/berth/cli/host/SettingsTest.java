package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.controller.ControllerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsTest {
  @Test
  void givenWinsOverRememberedWinsOverDefault() {
    Settings settings =
        Settings.of(Map.of("port", "7443"), Map.of("port", "7000", "ingressPort", "80"));

    assertEquals(7443, settings.port());
    assertEquals(80, settings.ingressPort());
    assertEquals("127.0.0.1", settings.ingressAddress());
  }

  @Test
  void whatIsSavedIsRemembered(@TempDir Path dir) throws IOException {
    Settings settings =
        Settings.of(Map.of("port", "7443", "podCidr", "10.9.0.0/16", "nodeName", "box"), Map.of());
    settings.save(dir);

    assertEquals(settings, Settings.of(Map.of(), Settings.remembered(dir)));
  }

  @Test
  void requestsAreWrittenDownAndSecretsSealedUnlessSaidOtherwise(@TempDir Path dir)
      throws IOException {
    ControllerConfig usual = Settings.of(Map.of(), Map.of()).controller(dir, "0.0.0.0", List.of());
    assertTrue(usual.audit());
    assertEquals(Optional.empty(), usual.secretKeys());
    ServerOptions options = new ServerOptions();
    new CommandLine(options).parseArgs("--no-audit", "--secret-keys", "/mnt/keys", "--node-name=b");
    options.settings(dir).save(dir);
    Settings remembered = Settings.of(Map.of(), Settings.remembered(dir));
    ControllerConfig config = remembered.controller(dir, "0.0.0.0", List.of());
    assertFalse(config.audit());
    assertEquals(Optional.of(Path.of("/mnt/keys")), config.secretKeys());
    ServerOptions again = new ServerOptions();
    new CommandLine(again).parseArgs("--audit");
    assertTrue(again.settings(dir).audit(), "what was turned off can be turned on");
  }

  @Test
  void repositoriesOnThisHostAreAllowedBelowAFolderUntilItIsTakenBack(@TempDir Path dir)
      throws IOException {
    ServerOptions options = new ServerOptions();
    new CommandLine(options).parseArgs("--allow-file-git", dir.toString());
    options.settings(dir).save(dir);
    Settings remembered = Settings.of(Map.of(), Settings.remembered(dir));
    assertEquals(Optional.of(dir), remembered.controller(dir, "0.0.0.0", List.of()).allowFileGit());
    ServerOptions again = new ServerOptions();
    new CommandLine(again).parseArgs("--allow-file-git", "");
    assertEquals(Optional.empty(), again.settings(dir).allowFileGit());
    assertEquals(
        List.of("--allow-file-git /no/such is no folder on this host"),
        Settings.of(Map.of("allowFileGit", "/no/such", "nodeName", "a"), Map.of()).problems());
  }

  @Test
  void nonsenseIsRefusedByWhatItIs() {
    assertThrows(
        IllegalArgumentException.class, () -> Settings.of(Map.of("podCidr", "ten"), Map.of()));
  }

  @Test
  void everyMistakeIsSaidAtOnceAndBeforeAnythingIsRemembered() {
    List<String> problems =
        Settings.of(
                Map.of(
                    "port", "99999",
                    "ingressAddress", "everywhere",
                    "podCidr", "10.96.1.0/26",
                    "nodeName", "A box"),
                Map.of())
            .problems();

    assertEquals(
        List.of(
            "--port 99999 is not a port (0 to 65535)",
            "--ingress-address everywhere is not an address (A.B.C.D)",
            "--pod-cidr 10.96.1.0/26 and --service-cidr 10.96.0.0/16 must not overlap",
            "--pod-cidr 10.96.1.0/26 is too small: every node takes a /24 of it",
            "--node-name A box is not a name: lower case letters, digits, - and . only"),
        problems);
    assertEquals(List.of(), Settings.of(Map.of("nodeName", "box"), Map.of()).problems());
  }
}
