package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// kill -9 of the whole of Berth at random moments while pods are made, started, probed by commands
/// and deleted: no container is lost, runs twice or stays, and exit codes of what ended meanwhile
/// and every line of every log are known. In the ordinary run [AgentKillsIT] kills the agent alone,
/// at a tenth of the cost, and the controller has its own.
class KillsIT {
  private static final int STEADY = 3;
  private static final int LINES = 12;
  private static final Pattern LINE = Pattern.compile("std\\S+ F line ([0-9]+)\n");

  /// A pod that ends by itself, and how it has to end.
  private record Ending(String name, int code) {}

  private @Nullable Lab started;
  private Random random = new Random(0);
  private final List<Ending> endings = new ArrayList<>();

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  private Lab lab() {
    return Objects.requireNonNull(started);
  }

  /// `mvn verify -Plong -pl hardening -am -Dtest=KillsIT -Dkills=100 -Dkills.seed=N`
  @Test
  @Tag("long")
  void aHundredKillsLoseNothing() throws IOException, InterruptedException {
    killing(Long.getLong("kills.seed", 1), Integer.getInteger("kills", 100));
  }

  private void killing(long seed, int kills) throws IOException, InterruptedException {
    random = new Random(seed);
    start();
    RunningContainers steady = running();
    List<String> gone = new ArrayList<>();
    for (int round = 0; round < kills; round++) {
      List<Process> commands = work(round, gone);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2500)).toNanos());
      lab().host().killBerth();
      assertEquals(
          steady,
          steady.still(running()),
          "seed " + seed + ", round " + round + ": after the kill");
      for (Process command : commands) {
        command.waitFor();
      }
      lab().host().up().ok();
      lab().host().berth("apply", "-f", round + ".yaml", "--no-wait").ok();
      assertEquals(
          steady, steady.still(running()), "seed " + seed + ", round " + round + ": adopted");
      assertEquals(List.of(), running().twice(), "seed " + seed + ", round " + round);
    }
    settle(steady, gone);
    System.err.println(
        "kills of Berth, seed "
            + seed
            + ": "
            + kills
            + "; "
            + endings.size()
            + " ended pods checked, "
            + STEADY
            + " containers never restarted");
  }

  private void start() throws IOException, InterruptedException {
    started = Lab.start("kills");
    Path rogue = lab().compile("rogue");
    lab().build("rogue", "FROM scratch\nCOPY rogue /rogue\nENTRYPOINT [\"/rogue\"]\n", rogue);
    StringBuilder manifests = new StringBuilder();
    for (int i = 0; i < STEADY; i++) {
      manifests.append(pod("steady-" + i, "Always", "count", "100000000", "20", "0"));
    }
    lab().host().write("steady.yaml", manifests.toString());
    lab().host().berth("apply", "-f", "steady.yaml", "--no-wait").ok();
    TestHost.waitUntil("the steady pods run", () -> running().size() == STEADY);
  }

  private static String pod(String name, String policy, String... words) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      restartPolicy: %s
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: rogue:1
          %s
          readinessProbe: {exec: {command: ["/rogue", "ok"]}, periodSeconds: 1}
    """
        .formatted(name, policy, Lab.words("args", words));
  }

  /// Three new pods, of which one goes again in the next round, while the last round's one goes.
  private List<Process> work(int round, List<String> gone) throws IOException {
    StringBuilder manifests = new StringBuilder();
    for (int i = 0; i < 2; i++) {
      Ending ending = new Ending("end-" + round + "-" + i, random.nextInt(120));
      endings.add(ending);
      manifests.append(
          pod(
              ending.name(),
              "Never",
              "count",
              "" + LINES,
              "" + random.nextInt(80),
              "" + ending.code()));
    }
    if (round % 3 == 0) {
      manifests.append(pod("gone-" + round, "Always", "stubborn"));
    }
    lab().host().write(round + ".yaml", manifests.toString());
    List<Process> commands = new ArrayList<>();
    Path out = lab().host().dir().resolve("command.out");
    commands.add(lab().host().start(out, "apply", "-f", round + ".yaml", "--no-wait"));
    if (round % 3 == 1) {
      gone.add("gone-" + (round - 1));
      commands.add(lab().host().start(out, "delete", "pod", "gone-" + (round - 1), "--no-wait"));
    }
    return commands;
  }

  private RunningContainers running() {
    return RunningContainers.of(lab().host().nodeName());
  }

  private void settle(RunningContainers steady, List<String> gone)
      throws IOException, InterruptedException {
    TestHost.waitUntil("the short pods have ended", () -> unfinished() == 0);
    Map<String, JsonNode> pods = pods();
    for (Ending ending : endings) {
      JsonNode ended =
          named(pods, ending.name()).at("/status/containerStatuses/0/state/terminated");
      assertEquals(ending.code(), ended.path("exitCode").asInt(-1), ending.name() + " " + ended);
      assertEquals(LINES, lines(ending.name()), ending.name() + "\n" + lab().log(ending.name()));
    }
    for (int i = 0; i < STEADY; i++) {
      assertTrue(lines("steady-" + i) > LINES);
      JsonNode status = named(pods, "steady-" + i).at("/status/containerStatuses/0");
      assertEquals(0, status.path("restartCount").asInt(-1), status::toString);
    }
    for (String name : gone) {
      lab().host().berth("delete", "pod", name, "--no-wait");
    }
    TestHost.waitUntil(
        "only the steady containers are left", () -> running().without(steady).size() <= 1);
  }

  private static JsonNode named(Map<String, JsonNode> pods, String name) {
    return Objects.requireNonNull(pods.get(name), name);
  }

  private long unfinished() {
    try {
      Map<String, JsonNode> pods = pods();
      return endings.stream()
          .map(e -> pods.get(e.name()))
          .filter(p -> p == null || !p.at("/status/phase").asString("").matches("Succeeded|Failed"))
          .count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private Map<String, JsonNode> pods() throws IOException, InterruptedException {
    Map<String, JsonNode> pods = new TreeMap<>();
    String list = lab().host().berth("get", "pods", "-o", "json").ok().out();
    Json.parse(list.getBytes(StandardCharsets.ISO_8859_1))
        .path("items")
        .forEach(pod -> pods.put(pod.at("/metadata/name").asString(), pod));
    return pods;
  }

  /// How many numbered lines there are; fails where one is missing, doubled or out of order.
  private int lines(String pod) {
    List<String> numbers =
        LINE.matcher(lab().log(pod)).results().map((MatchResult m) -> m.group(1)).toList();
    for (int i = 0; i < numbers.size(); i++) {
      assertEquals(Integer.toString(i), numbers.get(i), pod);
    }
    return numbers.size();
  }
}
