package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerException;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Security;
import dev.berth.agent.linux.Seccomp;
import dev.berth.agent.linux.SeccompProfile;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Attempts 21 and 22: what enters a container runs, for a moment, a file of the host within reach
/// of whoever waits there. A script whose interpreter is `/proc/self/exe` makes that moment come
/// again after the helper's precautions, since execve forgets them. The helper may be seen then: it
/// is sealed, and no file.
class HelperIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ENTRIES = 60;
  private @Nullable Lab lab;
  private @Nullable Weak agent;
  private Path layer = Path.of("");

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    Lab fresh = Lab.create("helper");
    lab = fresh;
    layer = Files.createDirectories(fresh.host().dir().resolve("layer"));
    Files.copy(fresh.compile("probe"), layer.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
    Path script = Files.writeString(layer.resolve("hostile"), "#!/proc/self/exe\n");
    TestHost.run(List.of("chmod", "755", script.toString())).ok();
    agent = new Weak(fresh.host().dir().resolve("agent"), fresh.host().nodeName());
  }

  @AfterEach
  void remove() throws IOException, InterruptedException {
    if (agent != null) {
      agent.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private Lab lab() {
    return Objects.requireNonNull(lab);
  }

  private Weak agent() {
    return Objects.requireNonNull(agent);
  }

  @Test
  void whoWaitsInAContainerCannotWriteTheHelper() throws IOException, InterruptedException {
    ContainerSpec spec = hunter("own");
    Container hunter = agent().containers().start(spec);
    try {
      TestHost.waitUntil("the hunter hunts", () -> text(spec).contains("hunting"));
      enter(agent(), hunter, spec);
      assertFalse(text(spec).contains("ESCAPED"), () -> text(spec));
    } finally {
      end(agent(), hunter);
    }
  }

  /// After an upgrade the keepers run another file than who enters: nothing keeps the new one busy.
  @Test
  void norTheHelperOfALaterAgent() throws IOException, InterruptedException {
    ContainerSpec spec = hunter("old");
    Container hunter = agent().containers().start(spec);
    Path home = lab().host().dir().resolve("later");
    try (Weak later = new Weak(home, lab().host().nodeName())) {
      TestHost.waitUntil("the hunter hunts", () -> text(spec).contains("hunting"));
      enter(later, hunter, spec);
      assertFalse(text(spec).contains("ESCAPED"), () -> text(spec));
    } finally {
      end(agent(), hunter);
    }
  }

  @Test
  void theHunterCatchesWhoEntersCarelessly() throws IOException, InterruptedException {
    Path careless = lab().host().dir().resolve("careless");
    Files.copy(layer.resolve("probe"), careless, StandardCopyOption.COPY_ATTRIBUTES);
    ContainerSpec spec = hunter("careless");
    Container hunter = agent().containers().start(spec);
    try {
      TestHost.waitUntil("the hunter hunts", () -> text(spec).contains("hunting"));
      String pid = Integer.toString(hunter.pid());
      for (int i = 0; i < 20 * ENTRIES && !text(spec).contains("ESCAPED"); i++) {
        TestHost.run(List.of(careless.toString(), "enter", pid, "/hostile")).ok();
      }
      TestHost.waitUntil("the hunter has caught one", () -> text(spec).contains("ESCAPED"));
    } finally {
      end(agent(), hunter);
    }
  }

  private ContainerSpec hunter(String id) throws IOException {
    byte[] filter = Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT)));
    return agent().spec(id, layer, Security.standard(filter), List.of("/probe", "hunt"));
  }

  /// An honest command and a hostile one in turns.
  private static void enter(Weak agent, Container hunter, ContainerSpec spec) {
    for (int i = 0; i < ENTRIES; i++) {
      agent.containers().exec(hunter, spec, List.of("/probe", "rights"), PATIENCE);
      try {
        agent.containers().exec(hunter, spec, List.of("/hostile"), PATIENCE);
      } catch (ContainerException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  private static void end(Weak agent, Container container) {
    agent.containers().kill(container);
    agent.containers().exit(container).join();
    agent.containers().delete(container);
  }

  private static String text(ContainerSpec spec) {
    return Lab.text(spec.log());
  }
}
