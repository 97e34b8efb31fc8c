package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeTest {
  @TempDir Path dir;

  @Test
  void theHostGetsItsForwardingBackAsItWas() throws IOException {
    Path setting = Files.writeString(dir.resolve("setting"), "1\n");
    Files.writeString(dir.resolve("ip_forward"), "0\n");
    assertTrue(Bridge.restore(dir, setting));
    assertEquals("0", Files.readString(setting));
    assertFalse(Bridge.restore(dir, setting));
  }
}
