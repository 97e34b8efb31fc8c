package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Seccomp;
import dev.berth.agent.linux.SeccompProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/// A scratch machine for container tests: a root made of the static busybox, a directory and a
/// cgroup of its own.
public final class Sandbox implements AutoCloseable {
  public final Path dir;
  public final Path layer;
  public final Containers containers;
  final String node = "test-" + UUID.randomUUID().toString().substring(0, 8);

  public Sandbox(Path dir) throws Exception {
    needsRoot();
    this.dir = dir;
    this.layer = dir.resolve("layer");
    Files.createDirectories(layer.resolve("bin"));
    Files.createDirectories(layer.resolve("tmp"));
    Path busybox =
        List.of("/bin/busybox", "/usr/bin/busybox").stream()
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("install busybox-static"));
    Files.copy(
        busybox, layer.resolve("bin/busybox"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    for (String name :
        List.of(
            "sh",
            "cat",
            "echo",
            "sleep",
            "id",
            "mount",
            "hostname",
            "ls",
            "touch",
            "head",
            "wc",
            "grep",
            "kill",
            "seq",
            "true",
            "nc",
            "ping",
            "wget",
            "nslookup",
            "httpd",
            "ip",
            "dd",
            "pwd",
            "mknod",
            "unshare",
            "chroot",
            "stat",
            "printf",
            "tty",
            "stty",
            "ln",
            "rm")) {
      Files.createSymbolicLink(layer.resolve("bin/" + name), Path.of("busybox"));
    }
    this.containers =
        new Containers(
            Machine.prepare(
                new JnaSyscalls(), Cgroups.detect(), dir.resolve("lib"), Clock.systemUTC()));
  }

  static void needsRoot() {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      System.err.println("SKIPPED: container tests need root");
    }
    Assumptions.assumeTrue(root, "container tests need root");
  }

  public String node() {
    return node;
  }

  public ContainerSpec spec(String name, String... command) {
    return spec(
        name,
        dir.resolve("c-" + name),
        node + "/pod/" + name,
        dir.resolve("logs/" + name + ".log"),
        command);
  }

  public ContainerSpec spec(String name, Path state, String cgroup, Path log, String... command) {
    Security security =
        Security.standard(
            Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT))));
    return new ContainerSpec(
        name,
        state,
        cgroup,
        List.of(layer),
        List.of(command),
        List.of("PATH=/bin", "HOME=/root"),
        "/",
        User.ROOT,
        "box",
        Optional.empty(),
        List.of(),
        Limits.none(),
        security,
        log,
        1024);
  }

  public String log(String name) throws Exception {
    return Files.readString(dir.resolve("logs/" + name + ".log"));
  }

  @Override
  public void close() {
    containers.close();
    Cgroups groups = containers.machine().cgroups();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    do { // a process that is just ending keeps its group
      groups.list(node).forEach(n -> groups.existing(n).remove());
    } while (!groups.list(node).isEmpty() && System.nanoTime() < deadline);
  }
}
