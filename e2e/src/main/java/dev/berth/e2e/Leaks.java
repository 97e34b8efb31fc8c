package dev.berth.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What test hosts have left on this machine. A run is judged by what it left itself: hosts carry
/// the process id of the run that made them, and what lay there before a run is none of its doing.
public final class Leaks {
  /// A process id has at most seven digits (proc(5), pid_max).
  private static final Pattern HOST =
      Pattern.compile(
          Pattern.quote(TestHost.PREFIX) + "[A-Za-z0-9-]*?-([0-9]{1,7})(?![A-Za-z0-9-])");

  private static final int SHOWN = 100;
  private static final List<String> CGROUP_ROOTS =
      List.of("", "memory", "cpu", "pids", "cpu,cpuacct", "freezer", "unified");

  /// Something that names a test host.
  ///
  /// @param what one line that says what it is and where
  /// @param owners process ids of the runs whose hosts it names; empty where a name has none
  public record Leak(String what, Set<Long> owners) {
    public Leak {
      owners = Set.copyOf(owners);
    }

    static Leak of(String what, String names) {
      return new Leak(
          what, HOST.matcher(names).results().map(Leak::owner).collect(Collectors.toSet()));
    }

    private static Long owner(MatchResult host) {
      return Long.valueOf(host.group(1));
    }

    private boolean isOf(long run) {
      return owners.isEmpty() || owners.contains(run);
    }
  }

  private Leaks() {}

  /// Of what is here now, what this run has to answer for.
  ///
  /// @param run the process id of the run
  /// @param before what was here when the run began
  public static List<String> of(long run, Collection<Leak> before, Collection<Leak> now) {
    return now.stream()
        .filter(leak -> leak.isOf(run) && !before.contains(leak))
        .map(Leak::what)
        .toList();
  }

  /// One for each network namespace, mount, process and control group that names a test host,
  /// whoever made it.
  public static List<Leak> found() throws IOException, InterruptedException {
    List<Leak> left = new ArrayList<>();
    TestHost.run(List.of("ip", "netns", "list"))
        .out()
        .lines()
        .filter(line -> line.startsWith(TestHost.PREFIX))
        .forEach(line -> left.add(Leak.of("network namespace " + line, line)));
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      mounts
          .map(line -> line.split(" ", -1)[4])
          .filter(Leaks::isOurs)
          .forEach(point -> left.add(Leak.of("mount " + point, point)));
    }
    addProcesses(left);
    addGroups(left);
    return left;
  }

  private static boolean isOurs(String text) {
    return text.contains(TestHost.PREFIX);
  }

  private static void addProcesses(List<Leak> left) throws IOException {
    String self = Long.toString(ProcessHandle.current().pid());
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .filter(path -> !path.getFileName().toString().equals(self))
          .forEach(path -> addProcess(left, path));
    }
  }

  private static void addProcess(List<Leak> left, Path process) {
    String command = text(process.resolve("cmdline"));
    String names =
        String.join(
            "\n", command, text(process.resolve("cgroup")), text(process.resolve("environ")));
    if (isOurs(names)) {
      left.add(Leak.of("process " + process.getFileName() + " " + shortened(command), names));
    }
  }

  /// How a Java process begins says little: how it ends says what it is.
  private static String shortened(String command) {
    String words = command.replace('\0', ' ').strip();
    return words.length() <= 2 * SHOWN
        ? words
        : words.substring(0, SHOWN) + " ... " + words.substring(words.length() - SHOWN);
  }

  private static void addGroups(List<Leak> left) throws IOException {
    for (String root : CGROUP_ROOTS) {
      Path berth = Path.of("/sys/fs/cgroup").resolve(root).resolve("berth");
      if (Files.isDirectory(berth)) {
        try (Stream<Path> nodes = Files.list(berth)) {
          nodes
              .filter(node -> isOurs(node.toString()))
              .forEach(node -> left.add(Leak.of("control group " + node, node.toString())));
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
