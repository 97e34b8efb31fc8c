package dev.berth.bench;

import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Security;
import dev.berth.agent.linux.SeccompProfile;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A bundle of the OCI runtime specification that asks of crun and runc what ours does: the same
/// namespaces, mounts, masks, limits, capabilities and system calls. Its root is a plain directory,
/// where ours mounts an overlay.
final class OciBundle {
  private static final List<String> NAMESPACES =
      List.of("pid", "mount", "ipc", "uts", "network", "cgroup");

  private OciBundle() {}

  /// @param cgroup path below each hierarchy; what runs at the same time needs another
  static void write(Path dir, Path stamp, List<String> command, String cgroup) throws IOException {
    Path root = Files.createDirectories(dir.resolve("rootfs"));
    Files.copy(stamp, root.resolve("stamp"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.write(dir.resolve("config.json"), Json.bytes(config(command, cgroup)));
  }

  static ObjectNode config(List<String> command, String cgroup) throws IOException {
    Set<String> capabilities = Capability.names(Capability.DEFAULT);
    ObjectNode config =
        Json.parseObject(
            """
            {"ociVersion": "1.0.2",
             "hostname": "bench",
             "root": {"path": "rootfs"},
             "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"],
               "noNewPrivileges": true,
               "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 1024},
                           {"type": "RLIMIT_CORE", "soft": 0, "hard": 0}]},
             "mounts": [
               {"destination": "/proc", "type": "proc", "source": "proc",
                "options": ["nosuid", "noexec", "nodev"]},
               {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                "options": ["nosuid", "mode=755", "size=64k"]},
               {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
                "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
               {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
                "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=64m"]},
               {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
                "options": ["nosuid", "noexec", "nodev"]},
               {"destination": "/sys", "type": "sysfs", "source": "sysfs",
                "options": ["nosuid", "noexec", "nodev", "ro"]}],
             "linux": {"resources": {"cpu": {"shares": 102, "quota": 100000, "period": 100000},
               "memory": {"limit": 134217728}, "pids": {"limit": 2048}}}}
            """
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ObjectNode process = (ObjectNode) config.path("process");
    process.set("args", texts(command));
    ObjectNode sets = process.putObject("capabilities");
    List.of("bounding", "effective", "permitted")
        .forEach(set -> sets.set(set, texts(capabilities)));
    ObjectNode linux = (ObjectNode) config.path("linux");
    linux.put("cgroupsPath", "/" + cgroup);
    ArrayNode namespaces = linux.putArray("namespaces");
    NAMESPACES.forEach(type -> namespaces.addObject().put("type", type));
    Security security = Security.standard(new byte[0]);
    linux.set("maskedPaths", paths(security.masked()));
    linux.set("readonlyPaths", paths(security.readOnly()));
    linux.set("seccomp", seccomp(capabilities));
    return config;
  }

  /// Our own profile, resolved for these capabilities: the specification knows no conditions.
  private static ObjectNode seccomp(Set<String> capabilities) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SeccompProfile.class.getResourceAsStream("seccomp-default.json"), "profile")) {
      ObjectNode profile = Json.parseObject(in.readAllBytes());
      ArrayNode resolved = Json.array();
      for (JsonNode call : profile.path("syscalls")) {
        boolean given =
            call.path("includes")
                .path("caps")
                .valueStream()
                .allMatch(c -> capabilities.contains(c.asString()));
        if (given) {
          ((ObjectNode) call).remove(List.of("comment", "includes", "excludes", "errno"));
          resolved.add(call);
        }
      }
      profile.set("syscalls", resolved);
      return profile;
    }
  }

  private static ArrayNode texts(Iterable<String> values) {
    ArrayNode array = Json.array();
    values.forEach(array::add);
    return array;
  }

  /// Ours are relative, and a slash at the end says that it is a directory.
  private static ArrayNode paths(List<String> relative) {
    return texts(relative.stream().map(p -> "/" + p.replaceFirst("/$", "")).toList());
  }
}
