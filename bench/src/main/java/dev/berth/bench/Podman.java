package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Debian's podman, with a storage of its own on the disk that is measured, and runc below it.
final class Podman {
  static final String IMAGE = "localhost/bench:1";
  private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

  private final Path binary;
  private final Path runc;
  private final Path dir;
  private final Path run;
  private final String group;

  private Podman(Path binary, Path runc, Path dir, Path run, String group) {
    this.binary = binary;
    this.runc = runc;
    this.dir = dir;
    this.run = run;
    this.group = group;
  }

  static Optional<Podman> installed(Bench bench) throws IOException {
    Optional<Path> binary = Tool.peer("podman", "podman runc");
    Optional<Path> runc = Tool.onPath("runc");
    if (binary.isEmpty() || runc.isEmpty()) {
      return Optional.empty();
    }
    Path dir = Files.createDirectories(bench.work().resolve("podman"));
    // Its own default of open files needs CAP_SYS_RESOURCE, which not every root has.
    Files.writeString(
        dir.resolve("containers.conf"),
        "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n");
    return Optional.of(new Podman(binary.get(), runc.get(), dir, bench.run(), bench.group()));
  }

  /// A whole command line. Containers get the limits that ours have.
  List<String> line(String verb, String... words) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "-i",
                PATH,
                "HOME=" + dir,
                "CONTAINERS_CONF=" + dir.resolve("containers.conf"),
                binary.toString(),
                "--root=" + dir.resolve("root"),
                "--runroot=" + run.resolve("podman"),
                "--tmpdir=" + run.resolve("libpod"),
                "--storage-driver=overlay",
                "--cgroup-manager=cgroupfs",
                "--events-backend=none",
                "--runtime=" + runc,
                verb));
    if (verb.equals("run")) {
      line.addAll(
          List.of(
              "--log-driver=k8s-file",
              "--cgroup-parent=/berth/" + group + "/podman",
              "--cpu-shares=102",
              "--cpus=1",
              "--memory=128m",
              "--pids-limit=2048"));
    }
    line.addAll(Arrays.asList(words));
    return line;
  }

  String run(String verb, String... words) throws IOException {
    return Tool.run(line(verb, words));
  }

  /// An image that is nothing but the stamp.
  void makeImage(Path stamp) throws IOException {
    Path files = Files.createDirectories(dir.resolve("image"));
    Files.copy(stamp, files.resolve("stamp"), StandardCopyOption.COPY_ATTRIBUTES);
    Path tar = dir.resolve("image.tar");
    Tool.run(List.of("tar", "-C", files.toString(), "-cf", tar.toString(), "stamp"));
    run("import", tar.toString(), IMAGE);
  }
}
