package dev.berth.agent.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Version 1: one hierarchy for each controller; a container is in those of cpu, cpuacct, memory
/// and pids.
record CgroupsV1(Map<String, Path> mounts) implements Cgroups {
  private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "memory", "pids");

  static CgroupsV1 find() {
    Map<String, Path> mounts = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      lines
          .map(l -> l.split(" ", 5))
          .filter(f -> f[2].equals("cgroup"))
          .forEach(
              f -> {
                List<String> options = List.of(f[3].split(",", -1));
                CONTROLLERS.stream()
                    .filter(options::contains)
                    .forEach(c -> mounts.putIfAbsent(c, Path.of(f[1])));
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CgroupsV1(mounts);
  }

  private List<Path> directories(String name) {
    return mounts.values().stream().distinct().map(m -> m.resolve(ROOT).resolve(name)).toList();
  }

  private Optional<Path> file(String controller, String name, String file) {
    return Optional.ofNullable(mounts.get(controller))
        .map(m -> m.resolve(ROOT).resolve(name).resolve(file));
  }

  @Override
  public Cgroup create(String name, Limits limits) {
    for (Path dir : directories(name)) {
      try {
        Files.createDirectories(dir);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make cgroup " + dir, e);
      }
    }
    file("cpu", name, "cpu.shares")
        .ifPresent(f -> Cgroups.write(f, Long.toString(limits.shares())));
    limits
        .quotaMicros()
        .ifPresent(
            quota -> {
              file("cpu", name, "cpu.cfs_period_us")
                  .ifPresent(f -> Cgroups.write(f, Long.toString(Limits.PERIOD_MICROS)));
              file("cpu", name, "cpu.cfs_quota_us")
                  .ifPresent(f -> Cgroups.write(f, Long.toString(quota)));
            });
    limits
        .memoryBytes()
        .ifPresent(
            m -> {
              file("memory", name, "memory.limit_in_bytes")
                  .ifPresent(f -> Cgroups.write(f, Long.toString(m)));
              file("memory", name, "memory.memsw.limit_in_bytes")
                  .filter(Files::exists)
                  .ifPresent(f -> Cgroups.write(f, Long.toString(m)));
            });
    file("pids", name, "pids.max").ifPresent(f -> Cgroups.write(f, Long.toString(limits.pids())));
    return new Group(this, name);
  }

  @Override
  public Cgroup existing(String name) {
    return new Group(this, name);
  }

  @Override
  public List<String> list(String node) {
    return mounts.values().stream()
        .distinct()
        .flatMap(m -> Cgroups.below(m.resolve(ROOT), node).stream())
        .distinct()
        .sorted((a, b) -> b.length() - a.length())
        .toList();
  }

  @Override
  public String version() {
    return "v1";
  }

  private record Group(CgroupsV1 all, String name) implements Cgroup {
    @Override
    public List<Path> joinFiles() {
      return all.directories(name).stream().map(d -> d.resolve("tasks")).toList();
    }

    @Override
    public Optional<Path> cloneInto() {
      return Optional.empty();
    }

    @Override
    public Usage usage() {
      long cpu = number("cpuacct", "cpuacct.usage");
      long total = number("memory", "memory.usage_in_bytes");
      long idle = field("memory", "memory.stat", "total_inactive_file");
      long pids = number("pids", "pids.current");
      long kills = field("memory", "memory.oom_control", "oom_kill");
      return new Usage(cpu, Math.max(0, total - idle), pids, kills);
    }

    @Override
    public Limited limited() {
      return new Limited(
          Limited.limit(number("memory", "memory.limit_in_bytes")),
          number("memory", "memory.max_usage_in_bytes"),
          field("memory", "memory.oom_control", "oom_kill"),
          number("pids", "pids.max"),
          field("pids", "pids.events", "max"));
    }

    private long number(String controller, String file) {
      return all.file(controller, name, file).map(f -> Cgroups.number(f).orElse(0)).orElse(0L);
    }

    private long field(String controller, String file, String key) {
      return all.file(controller, name, file).map(f -> Cgroups.field(f, key).orElse(0)).orElse(0L);
    }

    @Override
    public void kill() {
      Optional<Path> members = all.file("pids", name, "cgroup.procs");
      if (members.isEmpty()) {
        return;
      }
      try (Stream<String> pids = Files.lines(members.get())) {
        pids.map(Long::parseLong)
            .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      } catch (NoSuchFileException e) {
        // no group, no processes
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void remove() {
      for (Map.Entry<String, Path> mount : all.mounts.entrySet()) {
        Cgroups.removeUpwards(mount.getValue().resolve(ROOT).resolve(name), mount.getValue());
      }
    }
  }
}
