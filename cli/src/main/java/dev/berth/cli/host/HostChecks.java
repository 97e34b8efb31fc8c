package dev.berth.cli.host;

import dev.berth.agent.Preflight.Finding;
import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Spans;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What `berth doctor` looks at beside what `up` does. The judgements are pure functions of what
/// was read.
final class HostChecks {
  private static final long GIB = 1L << 30;
  private static final long LEAST_DISK = GIB;
  private static final long SCARCE_DISK = 5 * GIB;
  private static final long LEAST_MEMORY = 512L << 20;
  private static final long LEAST_FILES = 4096;
  private static final Duration ODD_CLOCK = Duration.ofSeconds(5);
  private static final Duration WRONG_CLOCK = Duration.ofMinutes(1);
  private static final Pattern FILES = Pattern.compile("(?m)^Max open files +([0-9]+|unlimited)");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +([0-9]+) kB");

  private HostChecks() {}

  static Finding well(String check, String found) {
    return new Finding(check, true, false, found, "");
  }

  static Finding fails(String check, String found, String fix) {
    return new Finding(check, false, true, found, fix);
  }

  static Finding warns(String check, String found, String fix) {
    return new Finding(check, false, false, found, fix);
  }

  /// Those of a Berth that runs are its own.
  static List<Finding> ports(Settings settings, Optional<Neighbour> running) {
    if (running.isPresent()) {
      return List.of();
    }
    return List.of(Checks.port("API port", "0.0.0.0", settings.port(), "--port"));
  }

  /// Of the file system that the data directory is on, or will be.
  static Finding disk(Path dir) {
    Path there = dir;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      FileStore store = Files.getFileStore(there);
      return disk(dir, store.type(), store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      return fails(
          "disk", dir + " cannot be looked at: " + e.getMessage(), "mount it, or run as root");
    }
  }

  static Finding disk(Path dir, String type, long free, long total) {
    String found =
        Spans.bytes(free) + " of " + Spans.bytes(total) + " free at " + dir + " (" + type + ")";
    String room = "make room: berth images shows what is kept; or choose another --data-dir";
    if (type.equals("overlay")) {
      return warns(
          "disk",
          found + ": layers of images may not stack on an overlay",
          "put the data directory on ext4 or xfs: a volume, where this is a container");
    }
    return free < LEAST_DISK
        ? fails("disk", found, room)
        : free < SCARCE_DISK ? warns("disk", found, room) : well("disk", found);
  }

  static Finding memory() {
    return memory(number(AVAILABLE, read("/proc/meminfo")).map(kib -> kib << 10).orElse(0L));
  }

  static Finding memory(long available) {
    String found = Spans.bytes(available) + " available";
    return available < LEAST_MEMORY
        ? warns("memory", found, "stop something, or add swap: the two halves take about 200 MB")
        : well("memory", found);
  }

  static Finding openFiles() {
    return openFiles(read("/proc/self/limits"));
  }

  static Finding openFiles(String limits) {
    Optional<Long> most = number(FILES, limits);
    return most.filter(n -> n < LEAST_FILES)
        .map(
            n ->
                warns(
                    "open files",
                    "at most " + n + " for a process",
                    "ulimit -n 65536, or LimitNOFILE= in the unit"))
        .orElseGet(() -> well("open files", most.map(n -> "at most " + n).orElse("no limit")));
  }

  private static Optional<Long> number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() && !matcher.group(1).equals("unlimited")
        ? Optional.of(Long.parseLong(matcher.group(1)))
        : Optional.empty();
  }

  /// The Berth of this data directory: whether it runs, answers, tells our time, and its nodes.
  static List<Finding> berth(Path dir, Optional<Neighbour> running, Instant now) {
    Path kubeconfig = dir.resolve("admin.kubeconfig");
    if (running.isEmpty()) {
      return List.of(stopped(dir, kubeconfig));
    }
    String pid = "pid " + running.get().pid() + ", ";
    if (running.get().half().equals(Half.AGENT.verb()) && Files.notExists(kubeconfig)) {
      return List.of(well("berth", pid + "an agent alone: its API is its controller's"));
    }
    try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
      List<Finding> findings = new ArrayList<>();
      HttpResponse<InputStream> ready = client.raw("GET", "/readyz");
      ready.body().close();
      findings.add(
          ready.statusCode() == 200
              ? well("berth", pid + "answers at " + client.server())
              : fails("berth", pid + "is not ready", "see what it says: " + log(dir)));
      ready.headers().firstValue("date").ifPresent(date -> findings.add(clock(date, now)));
      nodes(client, findings);
      return findings;
    } catch (ApiException | IOException | IllegalArgumentException e) {
      return List.of(
          fails("berth", pid + "does not answer: " + e.getMessage(), "see: " + log(dir)));
    } catch (UncheckedIOException e) {
      return List.of(unread(kubeconfig, pid, e));
    }
  }

  /// Others' processes and data are seen by root alone.
  private static Finding stopped(Path dir, Path kubeconfig) {
    if (Files.isReadable(kubeconfig)) {
      return warns("berth", "does not run, " + dir + " has its data", "sudo berth up --detach");
    }
    return Files.exists(dir) && !(Files.isReadable(dir) && Files.notExists(kubeconfig))
        ? warns("berth", "cannot look into " + dir, "sudo berth doctor")
        : well("berth", "does not run here yet");
  }

  private static Finding unread(Path kubeconfig, String pid, UncheckedIOException why) {
    return why.getCause() instanceof NoSuchFileException
        ? warns(
            "berth", pid + "has not written " + kubeconfig + " yet", "it starts: look again soon")
        : fails("berth", pid + why.getMessage(), "sudo berth doctor");
  }

  private static Path log(Path dir) {
    return dir.resolve("berth.log");
  }

  private static void nodes(ApiClient client, List<Finding> findings) {
    for (ObjectNode node : client.list(Kinds.NODE, "", ListOptions.ALL).items()) {
      findings.add(
          Conditions.isTrue(node, "Ready")
              ? well("node", Json.name(node) + " is Ready")
              : fails(
                  "node", Json.name(node) + " is not Ready", "berth why node " + Json.name(node)));
    }
  }

  /// @param date the server's clock, as HTTP writes it
  static Finding clock(String date, Instant now) {
    try {
      Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
      Duration apart = Duration.between(theirs, now).abs();
      String found = Spans.format(apart) + " apart from the server's";
      String fix = "synchronise it: timedatectl set-ntp true";
      return apart.compareTo(WRONG_CLOCK) > 0
          ? fails("clock", found, fix)
          : apart.compareTo(ODD_CLOCK) > 0 ? warns("clock", found, fix) : well("clock", found);
    } catch (DateTimeException e) {
      return warns("clock", "the server says no time that can be read", "");
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
