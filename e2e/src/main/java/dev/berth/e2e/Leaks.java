package dev.berth.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What test hosts have left on this machine: nothing may be.
public final class Leaks {
  private Leaks() {}

  /// One line for each network namespace, mount, process and control group that names a test host.
  public static List<String> found() throws IOException, InterruptedException {
    List<String> left = new ArrayList<>();
    TestHost.run(List.of("ip", "netns", "list"))
        .out()
        .lines()
        .filter(line -> line.startsWith(TestHost.PREFIX))
        .forEach(line -> left.add("network namespace " + line));
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      mounts
          .map(line -> line.split(" ", -1)[4])
          .filter(Leaks::isOurs)
          .forEach(point -> left.add("mount " + point));
    }
    addProcesses(left);
    addGroups(left);
    return left;
  }

  private static boolean isOurs(String text) {
    return text.contains(TestHost.PREFIX);
  }

  private static void addProcesses(List<String> left) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .filter(
              path ->
                  isOurs(text(path.resolve("cmdline")))
                      || isOurs(text(path.resolve("cgroup")))
                      || isOurs(text(path.resolve("environ"))))
          .filter(
              path ->
                  !path.getFileName()
                      .toString()
                      .equals(Long.toString(ProcessHandle.current().pid())))
          .forEach(
              path ->
                  left.add(
                      "process "
                          + path.getFileName()
                          + " "
                          + text(path.resolve("cmdline")).replace('\0', ' ')));
    }
  }

  private static void addGroups(List<String> left) throws IOException {
    Path groups = Path.of("/sys/fs/cgroup");
    for (String pattern :
        new String[] {"", "memory", "cpu", "pids", "cpu,cpuacct", "freezer", "unified"}) {
      Path berth = groups.resolve(pattern).resolve("berth");
      if (Files.isDirectory(berth)) {
        try (Stream<Path> nodes = Files.list(berth)) {
          nodes
              .filter(node -> isOurs(node.toString()))
              .forEach(node -> left.add("control group " + node));
        }
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
