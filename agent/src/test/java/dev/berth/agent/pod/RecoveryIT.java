package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.container.Security;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.logs.LogRotation;
import dev.berth.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// An agent that comes back to containers that went on, or ended, and to files that somebody has
/// damaged meanwhile.
class RecoveryIT {
  private static final String UID = "11111111-2222";

  @TempDir Path dir;
  private Sandbox box;
  private LogRotation logs;
  private PodHost host;
  private final LinkedBlockingQueue<PodMessage> mailbox = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    logs = new LogRotation(box.containers);
    host = host(box.containers, logs);
  }

  @AfterEach
  void stop() {
    Orphans.endAll(host, UID);
    logs.close();
    box.close();
  }

  @SuppressWarnings("NullAway") // the parts that recovery of containers does not touch
  private PodHost host(Containers containers, LogRotation rotation) {
    return new PodHost(
        box.node(),
        "10.0.0.1",
        dir,
        containers,
        null,
        null,
        null,
        rotation,
        null,
        null,
        new Security(java.util.Set.of(), new byte[0], List.of(), List.of()),
        Clock.systemUTC(),
        null,
        (_, _, _) -> Optional.empty());
  }

  private static ObjectNode pod(String status) {
    return Json.parse(
            """
            {"metadata": {"name": "web", "namespace": "shop", "uid": "%s"},
             "spec": {"restartPolicy": "Never",
                      "containers": [{"name": "main", "image": "x"}]},
             "status": %s}\
            """
                .formatted(UID, status)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .asObject();
  }

  /// What the API tells of the container: so often restarted, in this state.
  private static String told(int restarts, String state) {
    return """
    {"containerStatuses": [{"name": "main", "restartCount": %d, "state": {%s}}]}\
    """
        .formatted(restarts, state);
  }

  private Container run(int attempt, String script) {
    return box.containers.start(spec(attempt, script));
  }

  private ContainerSpec spec(int attempt, String script) {
    PodContext pod = new PodContext(host, PodSpec.read(pod("{}")), mailbox::add);
    Tracked t = new Tracked("main", pod.now());
    return box.spec(
        pod.id(t, attempt),
        pod.stateDir(t, attempt),
        pod.cgroup(t, attempt),
        pod.logFile(t, attempt),
        "sh",
        "-c",
        script);
  }

  /// As an agent that has just come up sees the container.
  private Tracked recovered(String status) {
    PodContext pod = new PodContext(host, PodSpec.read(pod(status)), mailbox::add);
    Supervision supervision = new Supervision(pod);
    Recovery recovery = new Recovery(pod, supervision, new ContainerStart(pod, supervision));
    Tracked t = recovery.tracked(pod.spec.containers().getFirst());
    recovery.adopt(t);
    return t;
  }

  private PodMessage.Exited exit() throws InterruptedException {
    PodMessage message = mailbox.poll(20, TimeUnit.SECONDS);
    return assertInstanceOf(PodMessage.Exited.class, message);
  }

  private String log() throws IOException {
    return Files.readString(spec(0, "").log(), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static Container running(Tracked t) {
    return assertInstanceOf(ContainerState.Running.class, t.state).container();
  }

  private List<Integer> alive() {
    return box.containers.keepers().stream()
        .filter(k -> k.id().startsWith(UID))
        .map(k -> k.pid())
        .toList();
  }

  /// A start writes its file last: before that nobody but the worker may look for the container.
  @Test
  void whoAsksFindsOnlyAContainerWhoseStartWasComplete() throws Exception {
    Container c = run(0, "sleep 60");
    PodSpec pod = PodSpec.read(pod("{}"));
    assertTrue(Inside.of(host, pod, "main").isPresent());
    Path file = c.dir().resolve("container.json");
    Files.delete(file);
    assertTrue(Inside.of(host, pod, "main").isEmpty());
    assertFalse(Files.exists(file), "whoever asks writes nothing");
  }

  /// DELETED, EMPTY, HALF, GARBAGE, or a value that is JSON but no state.
  private static void damage(Path file, String how) throws IOException {
    byte[] content = Files.readAllBytes(file);
    switch (how) {
      case "deleted" -> Files.delete(file);
      case "empty" -> Files.write(file, new byte[0]);
      case "half" -> Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
      case "garbage" ->
          Files.write(
              file,
              new java.util.Random(7)
                  .ints(64)
                  .mapToObj(i -> "" + (char) (i & 0xff))
                  .collect(java.util.stream.Collectors.joining())
                  .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      default -> Files.writeString(file, "{}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "container.json, deleted",
    "container.json, empty",
    "container.json, half",
    "container.json, garbage",
    "container.json, other",
    "identity.json, deleted",
    "identity.json, empty",
    "identity.json, garbage",
    "exit, empty",
    "exit, garbage"
  })
  void aRunningContainerIsAdoptedWhateverItsFilesSay(String file, String how) throws Exception {
    Container c = run(0, "trap 'echo bye; exit 3' TERM; echo up; while true; do sleep 0.1; done");
    assertTrue(Files.readString(awaitLog(0)).contains("up")); // the trap is set
    Path damaged = c.dir().resolve(file);
    if (file.equals("exit")) {
      Files.createFile(damaged);
    }
    damage(damaged, how);
    Tracked t = recovered("{}");
    assertEquals(c.pid(), running(t).pid());
    assertEquals(1, alive().size());
    box.containers.terminate(running(t));
    assertEquals(3, exit().exit().code());
    assertTrue(log().endsWith("bye\n"));
  }

  @ParameterizedTest
  @CsvSource({"deleted", "empty", "half", "garbage", "other"})
  void allFilesAtOnce(String how) throws Exception {
    Container c = run(0, "trap 'echo bye; exit 3' TERM; echo up; while true; do sleep 0.1; done");
    assertTrue(Files.readString(awaitLog(0)).contains("up"));
    try (java.util.stream.Stream<Path> files = Files.list(c.dir())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        damage(file, how);
      }
    }
    damage(spec(0, "").log(), how);
    Tracked t = recovered("{}");
    assertEquals(c.pid(), running(t).pid());
    await(
        spec(0, "").log().toFile()::exists); // one that was removed is opened anew at the next look
    box.containers.terminate(running(t));
    assertEquals(3, exit().exit().code());
    assertTrue(log().endsWith("bye\n"));
  }

  @ParameterizedTest
  @CsvSource({"deleted", "empty", "half", "garbage", "other"})
  void oneThatEndedMeanwhileKeepsItsExitWithoutItsFile(String how) throws Exception {
    Container c = run(0, "echo up; exit 4");
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    damage(c.dir().resolve("container.json"), how);
    recovered("{}");
    assertEquals(4, exit().exit().code());
  }

  @ParameterizedTest
  @CsvSource({"deleted", "empty", "half", "garbage"})
  void anExitThatNobodyKnowsEndsTheAttempt(String how) throws Exception {
    Container c = run(0, "echo up; exit 4");
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    damage(c.dir().resolve("exit"), how);
    recovered("{}");
    assertEquals(137, exit().exit().code());
  }

  @Test
  void withoutAnyFileTheContainerIsEndedAndItsAttemptCounts() throws Exception {
    Container c = run(2, "echo up; sleep 60");
    assertTrue(Files.readString(awaitLog(2)).contains("up"));
    FileTree.delete(host.podDir(UID));
    Tracked t = recovered("{}");
    assertEquals(List.of(), alive());
    assertFalse(box.containers.running(c));
    assertEquals(137, exit().exit().code());
    assertEquals(2, t.restarts);
    assertTrue(t.stopped.orElseThrow().message().contains("not known"));
  }

  @Test
  void withoutFilesAndLogItIsEndedAndStartsAfresh() throws Exception {
    run(0, "sleep 60");
    FileTree.delete(host.podDir(UID));
    FileTree.delete(dir.resolve("logs"));
    assertInstanceOf(ContainerState.Waiting.class, recovered("{}").state);
    assertEquals(List.of(), alive());
  }

  @Test
  void aContainerWhoseKeeperIsGoneToo() throws Exception {
    Container c = run(0, "echo up; sleep 60");
    assertTrue(Files.readString(awaitLog(0)).contains("up"));
    ProcessHandle child = ProcessHandle.of(c.pid()).orElseThrow();
    ProcessHandle.of(c.keeper()).orElseThrow().destroyForcibly();
    FileTree.delete(host.podDir(UID));
    recovered("{}");
    assertEquals(137, exit().exit().code());
    child.onExit().get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatTheApiKnowsToHaveEndedIsNotAskedForAgain() throws Exception {
    run(0, "echo up; exit 0");
    Tracked t =
        recovered(
            told(
                0,
                """
                "terminated": {"exitCode": 0, "reason": "Completed",
                  "startedAt": "2026-11-22T18:00:00Z", "finishedAt": "2026-11-22T18:00:01Z"}\
                """));
    assertTrue(assertInstanceOf(ContainerState.Exited.class, t.state).exit().success());
    assertFalse(Files.exists(spec(0, "").dir()));
  }

  /// A pod of which an init container has passed, as an agent that has just come up sees it.
  private Recovered withInit(String policy, int initRestarts) {
    ObjectNode object =
        pod(
            """
            {"initContainerStatuses": [{"name": "init", "restartCount": %d, "state": {"terminated":
                {"exitCode": 0, "reason": "Completed", "startedAt": "2026-11-22T18:00:00Z",
                 "finishedAt": "2026-11-22T18:00:01Z"}}}],
             "containerStatuses": [{"name": "main", "restartCount": 0, "state": {"running":
                {"startedAt": "2026-11-22T18:00:02Z"}}}]}\
            """
                .formatted(initRestarts));
    object.withObject("spec").put("restartPolicy", policy);
    object.withObject("spec").withArray("initContainers").addObject().put("name", "init");
    PodContext pod = new PodContext(host, PodSpec.read(object), mailbox::add);
    Supervision supervision = new Supervision(pod);
    Recovery recovery = new Recovery(pod, supervision, new ContainerStart(pod, supervision));
    pod.spec.containers().forEach(c -> pod.containers.put(c.name(), recovery.tracked(c)));
    pod.containers.values().forEach(recovery::adopt);
    return new Recovered(
        recovery, pod.tracked("init").orElseThrow(), pod.tracked("main").orElseThrow());
  }

  private record Recovered(Recovery recovery, Tracked init, Tracked main) {}

  /// After a crash of the machine: processes, network and memory are gone, files are there.
  @ParameterizedTest
  @CsvSource({
    "Always, exit 0, true",
    "Always, kill -9 $$, true",
    "OnFailure, exit 4, true",
    "OnFailure, exit 0, false",
    "Never, exit 4, false"
  })
  void initContainersRunAgainWhenTheNetworkIsLost(String policy, String end, boolean again)
      throws Exception {
    Container c = run(0, "echo up; " + end);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    Recovered r = withInit(policy, 0);
    running(r.main());
    r.recovery().withoutNetwork();
    if (again) {
      assertInstanceOf(ContainerState.Waiting.class, r.init().state);
      assertEquals(1, r.init().restarts);
      assertFalse(Turns.mayRun(List.of(r.init(), r.main()), r.main()), "before its init container");
    } else {
      assertInstanceOf(ContainerState.Exited.class, r.init().state);
    }
  }

  @Test
  void aMainContainerThatStillRunsEndsWithItsNetworkAndItsInitContainersRunAgain()
      throws Exception {
    run(0, "echo up; exec sleep 60");
    Recovered r = withInit("Always", 0);
    r.recovery().withoutNetwork();
    assertInstanceOf(ContainerState.Waiting.class, r.init().state);
    assertEquals(137, exit().exit().code());
  }

  @Test
  void anInitContainerThatRunsAgainWithoutTheApisKnowingIsAdopted() throws Exception {
    PodContext pod = new PodContext(host, PodSpec.read(pod("{}")), mailbox::add);
    Tracked t = new Tracked("init", PodSpec.Role.INIT, pod.now());
    Container c =
        box.containers.start(
            box.spec(
                pod.id(t, 1),
                pod.stateDir(t, 1),
                pod.cgroup(t, 1),
                pod.logFile(t, 1),
                "sleep",
                "60"));
    Recovered r = withInit("Always", 0);
    assertEquals(c.pid(), running(r.init()).pid());
    assertEquals(1, r.init().restarts);
    assertTrue(r.init().last.orElseThrow().exit().success());
    Recovered known = withInit("Always", 1);
    assertInstanceOf(ContainerState.Exited.class, known.init().state, "what the API knows of");
    assertEquals(List.of(), alive());
  }

  private Tracked withHook(String status) {
    ObjectNode object = pod(status);
    object
        .withObject("spec")
        .withArray("containers")
        .get(0)
        .asObject()
        .putObject("lifecycle")
        .putObject("postStart")
        .putObject("exec")
        .putArray("command")
        .add("true");
    PodContext pod = new PodContext(host, PodSpec.read(object), mailbox::add);
    Supervision supervision = new Supervision(pod);
    Recovery recovery = new Recovery(pod, supervision, new ContainerStart(pod, supervision));
    Tracked t = recovery.tracked(pod.spec.containers().getFirst());
    recovery.adopt(t);
    return t;
  }

  /// An agent that was killed while the hook ran has not heard how it went.
  @Test
  void aFirstHookThatMayNotHaveEndedIsAskedAgain() throws Exception {
    Container c = run(0, "exec sleep 60");
    Tracked t = withHook(told(0, "\"running\": {}"));
    assertFalse(assertInstanceOf(ContainerState.Running.class, t.state).ready());
    assertInstanceOf(PodMessage.PostStarted.class, mailbox.poll(20, TimeUnit.SECONDS));
    String known =
        """
        {"containerStatuses": [{"name": "main", "containerID": "%s", "started": true,
          "state": {"running": {}}}]}\
        """
            .formatted(PodContext.containerId(c));
    Tracked again = withHook(known);
    assertTrue(assertInstanceOf(ContainerState.Running.class, again.state).started());
    assertEquals(0, mailbox.size());
  }

  @Test
  void aSidecarThatWaitsForItsNextStartHasEndedWithTheOthers() {
    PodContext pod = new PodContext(host, PodSpec.read(pod("{}")), mailbox::add);
    Tracked t = new Tracked("proxy", PodSpec.Role.SIDECAR, pod.now());
    ContainerState.Exited before =
        new ContainerState.Exited(
            new dev.berth.agent.container.ExitStatus(3, 0, pod.now(), false),
            "berth://x",
            pod.now(),
            "Error",
            "");
    t.last = Optional.of(before);
    t.state = new ContainerState.Waiting("CrashLoopBackOff", "", pod.now());
    new Supervision(pod).finish(t, "the other containers have ended");
    assertEquals(before, t.state);
  }

  @Test
  void anAttemptOlderThanTheApisCountIsRemoved() throws Exception {
    run(0, "echo up; sleep 60");
    Tracked t = recovered(told(1, "\"waiting\": {\"reason\": \"CrashLoopBackOff\"}"));
    assertInstanceOf(ContainerState.Waiting.class, t.state);
    assertEquals(1, t.restarts);
    assertEquals(List.of(), alive());
  }

  @Test
  void aRestartThatTheApiHasNotHeardOfIsCountedOnce() throws Exception {
    Container c = run(0, "echo up; exit 6");
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.strip(c); // what the worker does before it says that it restarts
    Tracked t = recovered(told(0, "\"running\": {\"startedAt\": \"2026-11-22T18:00:00Z\"}"));
    assertEquals(0, t.restarts);
    assertEquals(6, exit().exit().code());
  }

  /// Also when a first agent found it and ended before it could start it again or say so.
  @Test
  void whatWasTakenDownBeginsAsTheNextAttemptAndKeepsItsLog() throws Exception {
    Container c = run(0, "echo up; exec sleep 60");
    Path first = awaitLog(0);
    box.containers.terminate(c);
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.takenDown(c.dir());
    for (int agent = 1; agent <= 3; agent++) {
      Tracked t = recovered("{}");
      assertInstanceOf(ContainerState.Waiting.class, t.state, "agent " + agent);
      assertEquals(1, t.restarts);
      assertEquals(137, t.last.orElseThrow().exit().code());
      assertTrue(Files.readString(first).contains("up"));
    }
    Tracked told = recovered(told(1, "\"waiting\": {\"reason\": \"ContainerCreating\"}"));
    assertInstanceOf(ContainerState.Waiting.class, told.state);
    assertEquals(1, told.restarts);
    run(1, "echo again; exit 4");
    assertEquals(1, recovered("{}").restarts);
    assertEquals(4, exit().exit().code());
  }

  @Test
  void aPodThatTheApiForgotLeavesNothing() throws Exception {
    run(0, "echo up; sleep 60");
    assertTrue(Files.readString(awaitLog(0)).contains("up"));
    FileTree.delete(host.podDir(UID));
    Orphans.endAll(host, UID);
    assertEquals(List.of(), alive());
    assertEquals(List.of(), box.containers.machine().cgroups().list(host.node() + "/" + UID));
  }

  private Path awaitLog(int attempt) throws Exception {
    Path file = spec(attempt, "").log();
    await(() -> file.toFile().length() > 0);
    return file;
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 20 s");
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
