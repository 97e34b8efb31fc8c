package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.linux.Syscalls;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is done from inside the namespaces of a real container.
class InNamespaceIT {
  private static final String PARAMETER = "net.ipv4.ip_unprivileged_port_start";
  private static final String FILE = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

  @TempDir Path dir;
  private Sandbox box;
  private Container container;
  private Syscalls sys;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    container = box.containers.start(box.spec("inside", "sleep", "60"));
    sys = box.containers.machine().sys();
  }

  @AfterEach
  void stop() throws Exception {
    box.containers.kill(container);
    box.containers.exit(container).get(20, TimeUnit.SECONDS);
    box.containers.delete(container);
    box.close();
  }

  private <T> T inside(InNamespace.Work<T> work) throws Exception {
    Path namespaces = Path.of("/proc", Integer.toString(container.pid()), "ns");
    return InNamespace.run(sys, namespaces, List.of("net", "ipc"), work);
  }

  /// At one go: from behind its beginning such a file is empty.
  private static String value() throws IOException {
    byte[] buffer = new byte[64];
    try (FileInputStream in = new FileInputStream(FILE)) {
      return new String(buffer, 0, in.read(buffer), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void parametersAreThePodsAndNobodyElses() throws Exception {
    String before = value();
    inside(() -> Sysctls.write(Map.of(PARAMETER, "77", "kernel.shm_rmid_forced", "1")));
    assertEquals("77\n", inside(InNamespaceIT::value));
    assertEquals(before, value());
  }

  @Test
  void aParameterMayBeWrittenWithSlashes() throws Exception {
    inside(() -> Sysctls.write(Map.of(PARAMETER.replace('.', '/'), "78")));
    assertEquals("78\n", inside(InNamespaceIT::value));
  }

  @Test
  void whatIsNotThePodsIsRefusedAndWhatTheKernelRefusesIsNamed() {
    IOException unsafe =
        assertThrows(
            IOException.class, () -> inside(() -> Sysctls.write(Map.of("kernel.hostname", "x"))));
    assertEquals("sysctl kernel.hostname is not one of the safe ones", unsafe.getMessage());
    IOException refused =
        assertThrows(
            IOException.class, () -> inside(() -> Sysctls.write(Map.of(PARAMETER, "many"))));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("sysctl " + PARAMETER + " cannot be many"),
        refused::toString);
  }
}
