package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.e2e.Failure.Look;
import dev.berth.e2e.Failure.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One running Berth in which failures happen side by side. What has no repair stays broken until
/// the end, so that it can be seen whether anything of it flaps.
final class Catalogue {
  static final int REGISTRY = 5000;
  private static final String DOMAIN = "default.svc.cluster.local";
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration PAUSE_WITHIN = Duration.ofMinutes(3);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(7);
  private static final int LOOKS = 5;
  private static final Pattern NEXT_TRY = Pattern.compile("next try at (\\S+)");
  private static final Duration STEADY = Duration.ofSeconds(30);

  private final TestHost host;
  private final Sightings sightings;

  /// When each failure was diagnosed, and how many versions of it had been seen then.
  private final Map<String, Diagnosed> broken = new ConcurrentHashMap<>();

  private record Diagnosed(Instant at, int versions) {}

  private Catalogue(TestHost host, Sightings sightings) {
    this.host = host;
    this.sightings = sightings;
  }

  static Catalogue open(String shortName) throws IOException, InterruptedException {
    TestHost host = TestHost.create(shortName);
    try {
      host.up(new String[0]).ok();
      startRegistry(host, REGISTRY);
      host.buildBox("box:1");
      host.buildBox("digits-model:1");
      strangeFiles(host);
      host.berth("build", "strange", "-t", "strange:1").ok();
      Catalogue catalogue = new Catalogue(host, Sightings.of(host));
      catalogue.runHealthyApps();
      return catalogue;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      host.close();
      throw e;
    }
  }

  TestHost host() {
    return host;
  }

  Sightings sightings() {
    return sightings;
  }

  /// Two that work, for callers who go wrong.
  private void runHealthyApps() throws IOException, InterruptedException {
    for (String name : List.of("digits", "other")) {
      host.write(
          name + ".yaml",
          Spec.of("env: [{name: SERVES, value: " + name + "}]")
              .app()
              .ingress("host: " + name + ".localhost")
              .manifest(name));
      host.berth("apply", "-f", name + ".yaml", "--timeout", "3m").ok();
    }
  }

  static void startRegistry(TestHost host, int port) throws IOException {
    Process registry =
        host.startJava(StandInRegistry.class, Integer.toString(port), host.box().toString());
    assertEquals("serving", registry.inputReader().readLine());
  }

  /// Files that a kernel does not run, each for another reason.
  private static void strangeFiles(TestHost host) throws IOException, InterruptedException {
    host.context("strange", "FROM scratch\nCOPY . /\nENTRYPOINT [\"/box\"]\nCMD [\"model\"]\n");
    byte[] elf = Files.readAllBytes(host.box());
    elf[18] = (byte) 0xb7; // e_machine: AArch64
    Files.write(host.write("strange/arm64", ""), elf);
    host.write("strange/unmarked", "#!/box\n");
    host.write("strange/script", "#!/usr/bin/python3\nprint('hello')\n");
    host.write("strange/dynamic.c", "int main(void) { return 0; }\n");
    TestHost.run(
            List.of(
                "cc",
                "-Wl,--dynamic-linker=/lib/ld-other.so.1",
                "-o",
                host.dir().resolve("strange/dynamic").toString(),
                host.dir().resolve("strange/dynamic.c").toString()))
        .ok();
    for (String executable : List.of("arm64", "script", "dynamic")) {
      assertTrue(
          host.dir().resolve("strange").resolve(executable).toFile().setExecutable(true, false));
    }
  }

  /// Induces it, waits until it is diagnosed, compares what is said with the golden file, repairs
  /// it, and waits until it runs.
  void meet(Failure failure) throws IOException, InterruptedException {
    String name = failure.name();
    if (!failure.files().isEmpty()) {
      host.context(name, "");
    }
    for (Map.Entry<String, String> file : failure.files().entrySet()) {
      host.write(name + "/" + file.getKey(), file.getValue());
    }
    if (!(failure.look() instanceof Look.Apply)) {
      apply(failure, failure.spec());
    }
    awaitIt(failure);
    String seen = lookBetweenTries(failure).matched(name).text();
    failure.names().forEach(word -> assertTrue(seen.contains(word), () -> word + " in\n" + seen));
    if (!failure.reason().isEmpty()) {
      assertNeverReady(name);
    }
    if (failure.repair().isPresent()) {
      repair(failure, failure.repair().get());
    }
  }

  private void awaitIt(Failure failure) throws InterruptedException {
    String name = failure.name();
    if (failure.look() instanceof Look.Apply) {
      return;
    }
    if (failure.reason().isEmpty()) {
      sightings.await("ModelApp", name, READY_WITHIN, "Ready", Catalogue::isReady);
      return;
    }
    sightings.await(
        "ModelApp",
        name,
        failure.patience(),
        "diagnosed as " + failure.reason(),
        app -> says(app, failure.reason()));
    if (failure.look() instanceof Look.Report) {
      sightings.await("ModelApp", name, READY_WITHIN, "well but for that", Catalogue::hasApp);
    }
    broken.put(name, new Diagnosed(Instant.now(), sightings.versions("ModelApp", name).size()));
  }

  /// A container that is started again and again is looked at between two tries, so that everybody
  /// sees the same. Where the next try came before the look was over, it is looked at again: the
  /// pauses grow.
  private Transcript lookBetweenTries(Failure failure) throws IOException, InterruptedException {
    Optional<String> pod =
        sightings
            .now("ModelApp", failure.name())
            .map(app -> Json.text(app, "status", "lastFailure", "pod"))
            .filter(name -> !name.isEmpty());
    if (pod.isEmpty()) {
      return look(failure);
    }
    for (int look = 1; ; look++) {
      int tries = restarts(awaitPause(pod.get()));
      Transcript seen = look(failure);
      if (look == LOOKS
          || sightings.now("Pod", pod.get()).filter(p -> !pausesAt(p, tries)).isEmpty()) {
        return seen;
      }
    }
  }

  private ObjectNode awaitPause(String pod) throws InterruptedException {
    return sightings.await("Pod", pod, PAUSE_WITHIN, "between two tries", Catalogue::pauses);
  }

  private static boolean pausesAt(ObjectNode pod, int restarts) {
    JsonNode container = firstContainer(pod);
    return restarts(pod) == restarts
        && (restarts == 0
            || NEXT_TRY.matcher(Json.text(container, "state", "waiting", "message")).find());
  }

  private static JsonNode firstContainer(ObjectNode pod) {
    return Json.at(pod, "status", "containerStatuses").path(0);
  }

  private static int restarts(ObjectNode pod) {
    return firstContainer(pod).path("restartCount").asInt(0);
  }

  private static boolean pauses(ObjectNode pod) {
    Matcher next = NEXT_TRY.matcher(Json.text(firstContainer(pod), "state", "waiting", "message"));
    return restarts(pod) == 0
        || (next.find() && Instant.parse(next.group(1)).isAfter(Instant.now().plus(LONG_ENOUGH)));
  }

  private void apply(Failure failure, Spec spec) throws IOException, InterruptedException {
    String file = failure.name() + ".yaml";
    host.write(file, spec.manifest(failure.name()));
    host.berth("apply", "-f", file, "--no-wait").ok();
  }

  private Transcript look(Failure failure) throws IOException, InterruptedException {
    return switch (failure.look()) {
      case Look.Berth berth -> {
        TestHost.Ran ran = host.berth(berth.words().toArray(String[]::new));
        assertNotEquals(0, ran.code(), ran::toString);
        yield Transcript.of("berth " + String.join(" ", berth.words()), ran, host);
      }
      case Look.Report report -> {
        TestHost.Ran ran = host.berth(report.words().toArray(String[]::new));
        yield Transcript.table("berth " + String.join(" ", report.words()), ran, host);
      }
      case Look.Apply _ -> {
        String file = failure.name() + ".yaml";
        host.write(file, failure.spec().manifest(failure.name()));
        TestHost.Ran ran = host.berth("apply", "-f", file);
        assertNotEquals(0, ran.code(), ran::toString);
        yield Transcript.of("berth apply -f " + file, ran, host);
      }
      case Look.FromApp app ->
          Transcript.of(
              "curl -i http://" + app.host() + app.path() + "   (in the app of " + app.app() + ")",
              fromApp(app),
              host);
    };
  }

  private TestHost.Ran fromApp(Look.FromApp app) throws IOException, InterruptedException {
    TestHost.Ran ran =
        host.visitThrough(app.app() + ".localhost", app.host() + "." + DOMAIN, 80, app.path());
    return new TestHost.Ran(ran.code(), ran.out().replaceFirst("(?s).*?\r\n\r\n", ""), ran.err());
  }

  private void repair(Failure failure, Repair repair) throws IOException, InterruptedException {
    broken.remove(failure.name());
    switch (repair) {
      case Repair.Change change -> apply(failure, change.spec());
      case Repair.Edit edit -> {
        host.write(failure.name() + "/" + edit.file(), edit.content());
        apply(failure, failure.spec());
      }
      case Repair.Command command -> host.berth(command.words().toArray(String[]::new)).ok();
      case Repair.ByHand _ -> throw new IllegalStateException("nobody is here to do it");
      case Repair.StartRegistry start -> startRegistry(host, start.port());
    }
    sightings.await(
        "ModelApp", failure.name(), READY_WITHIN, "Ready after the repair", Catalogue::isReady);
  }

  static boolean isReady(ObjectNode app) {
    return Json.at(app, "status", "observedGeneration").asLong(0) == Json.generation(app)
        && Conditions.isTrue(app, "Ready")
        && !Conditions.isTrue(app, "Progressing")
        && Json.at(app, "status", "lastFailure").isMissingNode();
  }

  private static boolean hasApp(ObjectNode app) {
    return Conditions.find(app, "AppReady")
        .filter(c -> c.reason().equals("ReplicasReady"))
        .isPresent();
  }

  static boolean says(ObjectNode object, String reason) {
    return Json.text(object, "status", "lastFailure", "reason").equals(reason)
        || Conditions.all(object).stream()
            .anyMatch(c -> c.status().equals(Condition.FALSE) && c.reason().equals(reason));
  }

  private void assertNeverReady(String name) {
    for (ObjectNode app : sightings.versions("ModelApp", name)) {
      assertTrue(
          !Conditions.isTrue(app, "Ready"), () -> "Ready while failing:\n" + Json.pretty(app));
    }
  }

  /// Waits until everything that is still broken has been so for a while, and counts what changed
  /// its mind in the meantime.
  void assertNothingFlaps() throws InterruptedException {
    Instant last =
        broken.values().stream().map(Diagnosed::at).max(Instant::compareTo).orElseThrow();
    Duration left = Duration.between(Instant.now(), last.plus(STEADY));
    java.util.concurrent.locks.LockSupport.parkNanos(Math.max(0, left.toNanos()));
    List<String> flapping =
        broken.entrySet().stream()
            .flatMap(entry -> flaps(entry.getKey(), entry.getValue()).stream())
            .sorted()
            .toList();
    assertEquals(List.of(), flapping);
  }

  private List<String> flaps(String name, Diagnosed since) {
    List<ObjectNode> versions = sightings.versions("ModelApp", name);
    Map<String, List<String>> transitions =
        versions.subList(since.versions() - 1, versions.size()).stream()
            .flatMap(app -> Conditions.all(app).stream())
            .collect(
                Collectors.groupingBy(
                    Condition::type,
                    Collectors.mapping(
                        c -> c.status() + " " + c.reason() + " since " + c.lastTransitionTime(),
                        Collectors.toList())));
    return transitions.entrySet().stream()
        .filter(entry -> entry.getValue().stream().distinct().count() > 1)
        .map(
            entry ->
                name + " " + entry.getKey() + ": " + entry.getValue().stream().distinct().toList())
        .toList();
  }

  void close() throws IOException, InterruptedException {
    host.close();
  }
}
