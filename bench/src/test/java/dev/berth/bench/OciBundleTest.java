package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class OciBundleTest {
  private static ObjectNode config() throws IOException {
    return OciBundle.config(List.of("/stamp"), "berth/bench/crun0");
  }

  @Test
  void thePeerGetsTheLimitsThatOursHas() throws IOException {
    ObjectNode resources = (ObjectNode) config().path("linux").path("resources");

    assertEquals(
        EngineStarter.LIMITS.memoryBytes().orElseThrow(),
        resources.path("memory").path("limit").asLong());
    assertEquals(EngineStarter.LIMITS.pids(), resources.path("pids").path("limit").asLong());
    assertEquals(
        EngineStarter.LIMITS.cpuLimitMilli().orElseThrow() * 100,
        resources.path("cpu").path("quota").asLong());
  }

  @Test
  void theFilterIsOursWithoutItsConditions() throws IOException {
    String seccomp = Json.string(config().path("linux").path("seccomp"));

    assertTrue(seccomp.contains("\"chroot\""), "a default capability brings it");
    assertFalse(seccomp.contains("includes"));
  }

  @Test
  void masksAreAbsolutePaths() throws IOException {
    assertTrue(
        config()
            .path("linux")
            .path("maskedPaths")
            .valueStream()
            .allMatch(p -> p.asString().matches("/[^ ]*[^/]")));
  }
}
