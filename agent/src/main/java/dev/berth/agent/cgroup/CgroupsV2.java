package dev.berth.agent.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Version 2: one tree. Controllers are handed down level by level, and only leaves hold processes.
record CgroupsV2(Path mount) implements Cgroups {
  @Override
  public Cgroup create(String name, Limits limits) {
    Path dir = mount.resolve(ROOT).resolve(name);
    Path at = mount;
    for (Path part : mount.relativize(dir)) {
      Cgroups.write(at.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
      at = at.resolve(part);
      try {
        Files.createDirectories(at);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make cgroup " + at, e);
      }
    }
    Cgroups.write(dir.resolve("cpu.weight"), Long.toString(limits.weight()));
    limits
        .quotaMicros()
        .ifPresent(q -> Cgroups.write(dir.resolve("cpu.max"), q + " " + Limits.PERIOD_MICROS));
    limits
        .memoryBytes()
        .ifPresent(
            m -> {
              Cgroups.write(dir.resolve("memory.max"), Long.toString(m));
              if (Files.exists(dir.resolve("memory.swap.max"))) {
                Cgroups.write(dir.resolve("memory.swap.max"), "0");
              }
            });
    Cgroups.write(dir.resolve("pids.max"), Long.toString(limits.pids()));
    return new Group(mount, dir);
  }

  @Override
  public Cgroup existing(String name) {
    return new Group(mount, mount.resolve(ROOT).resolve(name));
  }

  @Override
  public List<String> list(String node) {
    return Cgroups.below(mount.resolve(ROOT), node);
  }

  @Override
  public String version() {
    return "v2";
  }

  private record Group(Path mount, Path dir) implements Cgroup {
    @Override
    public List<Path> joinFiles() {
      return List.of();
    }

    @Override
    public Optional<Path> cloneInto() {
      return Optional.of(dir);
    }

    @Override
    public Usage usage() {
      long cpu = Cgroups.field(dir.resolve("cpu.stat"), "usage_usec").orElse(0) * 1000;
      long total = Cgroups.number(dir.resolve("memory.current")).orElse(0);
      long idle = Cgroups.field(dir.resolve("memory.stat"), "inactive_file").orElse(0);
      long kills = Cgroups.field(dir.resolve("memory.events"), "oom_kill").orElse(0);
      return new Usage(
          cpu,
          Math.max(0, total - idle),
          Cgroups.number(dir.resolve("pids.current")).orElse(0),
          kills);
    }

    @Override
    public Limited limited() {
      return new Limited(
          Cgroups.number(dir.resolve("memory.max")).orElse(0),
          Cgroups.number(dir.resolve("memory.peak")).orElse(0),
          Cgroups.field(dir.resolve("memory.events"), "oom_kill").orElse(0),
          Cgroups.number(dir.resolve("pids.max")).orElse(0),
          Cgroups.field(dir.resolve("pids.events"), "max").orElse(0));
    }

    @Override
    public void kill() {
      if (Files.exists(dir.resolve("cgroup.kill"))) {
        Cgroups.write(dir.resolve("cgroup.kill"), "1");
      }
    }

    @Override
    public void remove() {
      Cgroups.removeUpwards(dir, mount);
    }
  }
}
