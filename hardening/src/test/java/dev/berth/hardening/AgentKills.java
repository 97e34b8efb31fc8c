package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.Teardown;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.ListOptions;
import dev.berth.client.Registry;
import dev.berth.controller.Controller;
import dev.berth.controller.ControllerConfig;
import dev.berth.e2e.TestHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A controller that stays, and an agent in a process of its own that is killed again and again
/// while pods are made, started, probed and deleted. A process, because it lives in the network
/// namespace of a test host; one, so that a kill costs no more than the agent's start.
///
/// Every pod that ends by itself is looked at once: its exit code, and every line of its log. Then
/// it is deleted, so that the load stays what it is however long the run.
final class AgentKills implements AutoCloseable {
  private static final int STEADY = 3;
  private static final int LINES = 12;

  /// Pods that end by themselves at a time: an agent that is killed while it starts ends none.
  private static final int MOST = 40;

  /// Milliseconds until a kill; a start takes about twice that.
  private static final int LONGEST = 900;

  private static final List<String> FOLDERS = List.of("agent/pods", "agent/logs", "run/pods");
  private static final Pattern LINE = Pattern.compile("std\\S+ F line ([0-9]+)\n");

  private final Path dir;
  private final String node;
  private final Random random;
  private final Controller controller;
  private final ApiClient api;

  /// Pods that end by themselves and were not looked at yet, with the exit code that each has to
  /// have.
  private final Map<String, Integer> ending = new HashMap<>();

  private final List<String> stubborn = new ArrayList<>();
  private int looked;
  private Process agent;

  private AgentKills(Path dir, String node, long seed) throws IOException {
    this.dir = dir;
    this.node = node;
    this.random = new Random(seed);
    Path data = Files.createDirectories(dir.resolve("controller"));
    Files.writeString(data.resolve("node-name"), node + "\n");
    this.controller = Controller.start(ControllerConfig.defaults(data));
    this.api = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    this.agent = start();
  }

  /// Directory, node name, static binary of `rogue.c`, seed, kills.
  public static void main(String[] args) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    PrintStream out = System.out;
    Path dir = Path.of(args[0]);
    try (AgentKills run = new AgentKills(dir, args[1], Long.parseLong(args[3]))) {
      run.image(Path.of(args[2]));
      run.kill(Integer.parseInt(args[4]));
      out.println(
          ("kills of the agent, seed %s: %s in %d s; %d ended pods checked line by line,"
                  + " %d containers never restarted")
              .formatted(
                  args[3],
                  args[4],
                  Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                  run.looked,
                  STEADY));
    } catch (Throwable e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        out.println(t);
        Stream.of(t.getStackTrace()).limit(8).forEach(frame -> out.println("  at " + frame));
      }
      out.println(Lab.text(dir.resolve("agent.log")));
      System.exit(1);
    }
    System.exit(0);
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + dir.resolve("classes.jsa"),
            "-cp",
            System.getProperty("java.class.path"),
            AgentChild.class.getName(),
            dir.resolve("agent").toString(),
            dir.resolve("run").toString(),
            controller.agentKubeconfig().toString(),
            node)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("agent.log").toFile()))
        .start();
  }

  /// One layer with one file, put where `rogue:1` is looked for.
  private void image(Path rogue) throws IOException {
    byte[] layer =
        new TarBytes()
            .add(TarBytes.header("rogue", '0').mode(0755), Files.readAllBytes(rogue))
            .ended();
    byte[] config =
        bytes(
            """
            {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/rogue"]},
             "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
            """
                .formatted(Digest.sha256(layer)));
    try (Registry registry = Registry.ofCluster(api)) {
      upload(registry, layer);
      upload(registry, config);
      registry.putManifest(
          "default/rogue",
          "1",
          "application/vnd.oci.image.manifest.v1+json",
          bytes(
              """
              {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
               "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": %d, "digest": "%s"},
               "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": %d, "digest": "%s"}]}
              """
                  .formatted(
                      config.length, Digest.sha256(config), layer.length, Digest.sha256(layer))));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void upload(Registry registry, byte[] blob) throws IOException {
    registry.uploadBlob(
        "default/rogue", Digest.sha256(blob), blob.length, () -> new ByteArrayInputStream(blob));
  }

  private void kill(int kills) throws IOException, InterruptedException {
    for (int i = 0; i < STEADY; i++) {
      create("steady-" + i, "Always", "count", "100000000", "100", "0");
    }
    TestHost.waitUntil("the steady pods run", () -> running().size() == STEADY);
    RunningContainers steady = running();
    for (int round = 0; round < kills; round++) {
      work(round);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LONGEST)).toNanos());
      agent.destroyForcibly().waitFor();
      assertEquals(steady, steady.still(running()), "round " + round + ": after the kill");
      int before = ready();
      agent = start();
      if (isAwaited(round)) {
        TestHost.waitUntil("the agent is there again", () -> ready() > before);
        assertEquals(steady, steady.still(running()), "round " + round + ": adopted");
        assertEquals(List.of(), running().twice(), "round " + round);
      }
      look();
    }
    settle(steady);
  }

  /// After every third kill the agent may come up and take its pods back; the next two meet it
  /// while it starts, where it has most to lose.
  private static boolean isAwaited(int round) {
    return round % 3 == 2;
  }

  private int ready() {
    return Lab.text(dir.resolve("agent.log")).split("agent is ready", -1).length;
  }

  private RunningContainers running() {
    return RunningContainers.of(node);
  }

  /// Two pods that end by themselves, and in turns one that has to be made to, and the end of it.
  private void work(int round) {
    for (int i = 0; i < 2 && ending.size() < MOST; i++) {
      String name = "end-" + round + "-" + i;
      int code = random.nextInt(120);
      ending.put(name, code);
      create(name, "Never", "count", "" + LINES, "" + random.nextInt(80), "" + code);
    }
    if (round % 3 == 0) {
      stubborn.add("stubborn-" + round);
      create("stubborn-" + round, "Always", "stubborn");
    }
    if (round % 3 == 1) {
      delete(stubborn.removeFirst());
    }
  }

  private void create(String name, String policy, String... words) {
    String text =
        """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"restartPolicy": "%s", "terminationGracePeriodSeconds": 1,
          "containers": [{"name": "main", "image": "rogue:1", "args": ["%s"],
           "readinessProbe": {"exec": {"command": ["/rogue", "ok"]}, "periodSeconds": 1}}]}}
        """
            .formatted(name, policy, String.join("\", \"", words));
    api.create(Kinds.POD, (ObjectNode) Json.parse(bytes(text)));
  }

  private void delete(String name) {
    api.delete(Kinds.POD, new ObjectKey("default", name), DeleteOptions.DEFAULT);
  }

  /// At what has ended since the last look.
  private void look() throws IOException {
    for (JsonNode pod : api.list(Kinds.POD, "default", ListOptions.ALL).items()) {
      String name = Json.text(pod, "metadata", "name");
      if (ending.containsKey(name)
          && Json.text(pod, "status", "phase").matches("Succeeded|Failed")) {
        int code = pod.at("/status/containerStatuses/0/state/terminated/exitCode").asInt(-1);
        assertEquals(ending.get(name), code, pod::toString);
        assertEquals(LINES, lines(name), () -> name + "\n" + pod);
        ending.remove(name);
        delete(name);
        looked++;
      }
    }
  }

  private boolean lookedAtAll() {
    try {
      look();
      return ending.isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void settle(RunningContainers steady) throws IOException, InterruptedException {
    stubborn.forEach(this::delete);
    try {
      TestHost.waitUntil("all short pods have ended", this::lookedAtAll);
    } catch (AssertionError e) {
      throw new AssertionError("not ended: " + ending + "\n" + pods(), e);
    }
    TestHost.waitUntil(
        "only the steady containers are left",
        () -> running().without(steady).size() == 0 && pods().size() == STEADY);
    assertEquals(steady, steady.still(running()));
    awaitNoFiles();
    for (JsonNode pod : pods()) {
      assertEquals(0, pod.at("/status/containerStatuses/0/restartCount").asInt(-1), pod::toString);
      assertTrue(lines(Json.text(pod, "metadata", "name")) > LINES);
    }
  }

  private List<ObjectNode> pods() {
    return api.list(Kinds.POD, "default", ListOptions.ALL).items();
  }

  /// The pods that are left have their directories, and nobody else.
  private void awaitNoFiles() throws InterruptedException {
    List<String> uids = pods().stream().map(pod -> Json.text(pod, "metadata", "uid")).toList();
    try {
      TestHost.waitUntil("the files of the others are gone", () -> foreign(uids).isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError(String.join("\n", foreign(uids)), e);
    }
  }

  private List<String> foreign(List<String> uids) {
    List<String> found = new ArrayList<>();
    for (String folder : FOLDERS) {
      // Not what is below them: they vanish while we look.
      try (Stream<Path> entries = Files.list(dir.resolve(folder))) {
        entries
            .map(Path::toString)
            .filter(entry -> uids.stream().noneMatch(entry::contains))
            .forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  /// How many numbered lines there are; fails where one is missing, doubled or out of order.
  private int lines(String pod) throws IOException {
    StringBuilder log = new StringBuilder();
    Path logs = dir.resolve("agent/logs");
    try (DirectoryStream<Path> own = Files.newDirectoryStream(logs, "default_" + pod + "_*")) {
      for (Path folder : own) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(Files::isRegularFile).sorted().forEach(f -> log.append(Lab.text(f)));
        }
      }
    }
    List<String> numbers = LINE.matcher(log).results().map((MatchResult m) -> m.group(1)).toList();
    for (int i = 0; i < numbers.size(); i++) {
      assertEquals(Integer.toString(i), numbers.get(i), pod);
    }
    return numbers.size();
  }

  @Override
  public void close() throws IOException {
    agent.destroyForcibly();
    agent.onExit().join();
    api.close();
    controller.close();
    Teardown.run(dir.resolve("agent"), dir.resolve("run"), node);
  }
}
