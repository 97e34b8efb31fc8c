package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void nonsenseIsRefusedByWhatItIs() {
    assertThrows(
        IllegalArgumentException.class, () -> Settings.of(Map.of("podCidr", "ten"), Map.of()));
  }
}
