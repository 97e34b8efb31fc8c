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
/// @param readOnlyRoot whether the image's files are for reading only
/// @param input what it reads; where that is a terminal, it writes there too
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
    long openFiles,
    boolean readOnlyRoot,
    List<Tmpfs> tmpfs,
    Input input) {
  public static final long DEFAULT_OPEN_FILES = 1_048_576;

  public ContainerSpec {
    layers = List.copyOf(layers);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    binds = List.copyOf(binds);
    tmpfs = List.copyOf(tmpfs);
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "container "
              + id
              + " has no command: set command or args, or use an image with an entrypoint");
    }
  }

  /// One that nobody talks to.
  public ContainerSpec(
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
      long openFiles,
      boolean readOnlyRoot,
      List<Tmpfs> tmpfs) {
    this(
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
        limits,
        security,
        log,
        openFiles,
        readOnlyRoot,
        tmpfs,
        Input.NONE);
  }

  /// With a writable root and no memory of its own.
  public ContainerSpec(
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
    this(
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
        limits,
        security,
        log,
        openFiles,
        false,
        List.of());
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
        openFiles,
        readOnlyRoot,
        tmpfs,
        input);
  }

  /// The same with this input.
  public ContainerSpec reading(Input other) {
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
        limits,
        security,
        log,
        openFiles,
        readOnlyRoot,
        tmpfs,
        other);
  }

  /// The same with these host paths.
  public ContainerSpec binding(List<Bind> others) {
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
        others,
        limits,
        security,
        log,
        openFiles,
        readOnlyRoot,
        tmpfs,
        input);
  }

  /// The same with a root that cannot be written, and with memory at these paths.
  public ContainerSpec rooted(boolean readOnly, List<Tmpfs> memory) {
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
        limits,
        security,
        log,
        openFiles,
        readOnly,
        memory,
        input);
  }
}
