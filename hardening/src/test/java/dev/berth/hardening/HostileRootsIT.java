package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Capability;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Attempts 17 and 18: an image whose mount targets are links to places on the host, and a working
/// directory that names a descriptor. The start fails or stays inside; the host is as it was.
class HostileRootsIT {
  private @Nullable Lab lab;
  private @Nullable Weak agent;
  private Path canary = Path.of("");
  private Path layer = Path.of("");

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    Lab fresh = Lab.create("roots");
    lab = fresh;
    canary = Files.createDirectories(fresh.host().dir().resolve("canary"));
    Files.writeString(canary.resolve("file"), "untouched");
    layer = Files.createDirectories(fresh.host().dir().resolve("layer"));
    Files.copy(fresh.compile("probe"), layer.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
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

  private Weak agent() {
    return Objects.requireNonNull(agent);
  }

  private static Security standard() {
    byte[] filter = Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT)));
    return Security.standard(filter);
  }

  @Test
  void aLinkAtAMountTargetLeadsNowhere() throws IOException, InterruptedException {
    runsWhereNothingIsHostile();
    Fingerprint before = Fingerprint.of(canary);
    for (String target : List.of("dev", "proc", "sys", "etc", "etc/resolv.conf")) {
      Path link = layer.resolve(target);
      Path trap = target.contains("/") ? canary.resolve("file") : canary;
      Files.createDirectories(link.resolveSibling("."));
      Files.createSymbolicLink(link, trap);
      assertTrue(Files.isSameFile(link, trap), "by its path the host would follow it");

      String id = "at-" + target.replaceAll("[/.]", "-");
      assertEquals(List.of(), escapes(agent().spec(id, layer, standard(), command())));
      assertEquals(before, Fingerprint.of(canary), target);
      Files.delete(link);
    }
  }

  @Test
  void aWorkingDirectoryThatIsADescriptorLeadsNowhere() throws IOException, InterruptedException {
    for (int fd = 3; fd < 16; fd++) {
      ContainerSpec spec = agent().spec("fd-" + fd, layer, standard(), command());
      assertEquals(List.of(), escapes(in(spec, "/proc/self/fd/" + fd)));
    }
    assertTrue(
        TestHost.run(List.of(layer.resolve("probe").toString(), "where", layer.toString()))
            .ok()
            .out()
            .startsWith("ESCAPED"),
        "the probe sees a working directory outside of its root");
  }

  private void runsWhereNothingIsHostile() throws IOException, InterruptedException {
    assertTrue(
        agent().run(agent().spec("plain", layer, standard(), command())).contains("inside /"));
  }

  private static List<String> command() {
    return List.of("/probe", "where");
  }

  private static ContainerSpec in(ContainerSpec spec, String directory) {
    return new ContainerSpec(
        spec.id(),
        spec.dir(),
        spec.cgroup(),
        spec.layers(),
        spec.command(),
        spec.environment(),
        directory,
        spec.user(),
        spec.hostname(),
        spec.namespaces(),
        spec.binds(),
        spec.limits(),
        spec.security(),
        spec.log(),
        spec.openFiles(),
        spec.readOnlyRoot(),
        spec.tmpfs());
  }

  /// What the probe reports from inside; nothing where the start was refused.
  private List<String> escapes(ContainerSpec spec) throws IOException, InterruptedException {
    try {
      String log = agent().run(spec);
      assertTrue(log.contains("END"), log);
      return log.lines().filter(line -> line.contains("ESCAPED")).toList();
    } catch (ContainerException e) {
      return List.of();
    }
  }
}
