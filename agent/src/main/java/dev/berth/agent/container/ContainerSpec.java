package dev.berth.agent.container;

import dev.berth.agent.cgroup.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Everything that makes a container, decided: the compiler adds nothing but the kernel's own
/// order.
///
/// @param dir the state directory: upper, work and rootfs of the overlay, the exit file, what
///   adoption reads
/// @param cgroup name below `berth`
/// @param layers the overlay's lower directories, uppermost first
/// @param namespaces directory with the pod's `net`, `ipc` and `uts` to join; without it the
///   container gets its own
/// @param log where the keeper appends CRI lines
/// @param openFiles wanted limit of open files; clamped to what this process may grant
public record ContainerSpec(
    String id,
    Path dir,
    String cgroup,
    List<Path> layers,
    List<String> command,
    List<String> environment,
    String workingDirectory,
    User user,
    String hostname,
    Optional<Path> namespaces,
    List<Bind> binds,
    Limits limits,
    Security security,
    Path log,
    long openFiles) {
  public static final long DEFAULT_OPEN_FILES = 1_048_576;

  public ContainerSpec {
    layers = List.copyOf(layers);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    binds = List.copyOf(binds);
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "container "
              + id
              + " has no command: set command or args, or use an image with an entrypoint");
    }
  }

  /// The same under other limits.
  public ContainerSpec limited(Limits others) {
    return new ContainerSpec(
        id,
        dir,
        cgroup,
        layers,
        command,
        environment,
        workingDirectory,
        user,
        hostname,
        namespaces,
        binds,
        others,
        security,
        log,
        openFiles);
  }
}
