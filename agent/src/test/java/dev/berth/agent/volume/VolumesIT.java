package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Volumes on a real host, in real containers.
class VolumesIT {
  @TempDir Path dir;
  private Sandbox box;
  private Syscalls sys;
  private Path podDir;
  private Volumes volumes;
  private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    sys = box.containers.machine().sys();
    podDir = dir.resolve("pods/u1");
    Files.createDirectories(podDir);
    volumes = fresh();
  }

  @AfterEach
  void stop() {
    volumes.remove();
    assertEquals(List.of(), VolumeLeftovers.mounts(dir));
    box.close();
  }

  private Volumes fresh() {
    References found = (kind, _, name) -> Optional.ofNullable(objects.get(kind + "/" + name));
    return new Volumes(sys, podDir, found, Clock.systemUTC(), () -> {});
  }

  private static ObjectNode tree(String json) {
    return Json.parse(json.getBytes(StandardCharsets.UTF_8)).asObject();
  }

  private static DownwardApi pod(String spec) {
    ObjectNode pod =
        tree(
            """
            {"metadata": {"name": "web", "namespace": "shop", "uid": "u1",
                          "labels": {"tier": "front"}}, "spec": %s}"""
                .formatted(spec));
    return new DownwardApi(pod, "10.0.0.7", "192.0.2.1", _ -> Quantity.ZERO);
  }

  private void configMap(String name, String data) {
    objects.put("ConfigMap/" + name, tree("{\"data\": " + data + "}"));
  }

  private ContainerSpec spec(DownwardApi pod, String name, String script) {
    List<Bind> binds =
        new java.util.ArrayList<>(
            volumes.binds(pod.pod(), pod.pod().path("spec").path("containers").path(0), t -> t));
    binds.sort(Comparator.comparingInt(b -> Path.of(b.target()).getNameCount()));
    return box.spec(name, "sh", "-c", script).binding(binds);
  }

  /// What a container with the pod's first container's mounts prints.
  private String run(DownwardApi pod, String name, String script) throws Exception {
    Container c = box.containers.start(spec(pod, name, script));
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    return box.log(name).replaceAll("(?m)^\\S+ \\S+ F ", "");
  }

  @Test
  void anEmptyDirIsSharedAndKeptAndAConfigMapIsForReading() throws Exception {
    configMap("settings", "{\"a\": \"one\", \"b\": \"two\"}");
    DownwardApi pod =
        pod(
            """
            {"volumes": [{"name": "data", "emptyDir": {}},
                         {"name": "fast", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
                         {"name": "conf", "configMap": {"name": "settings", "defaultMode": 288}}],
             "containers": [{"name": "main", "volumeMounts": [
               {"name": "data", "mountPath": "/data"}, {"name": "fast", "mountPath": "/dev/shm"},
               {"name": "conf", "mountPath": "/etc/app"},
               {"name": "conf", "mountPath": "/one/file", "subPath": "a"}]}]}""");
    volumes.ensure(pod);
    String first =
        run(
            pod,
            "first",
            """
            stat -c %a /data /dev/shm; cat /etc/app/a; echo; cat /one/file; echo
            stat -L -c %a /etc/app/b; sh -c 'echo x > /etc/app/a' 2> /dev/null || echo read-only
            dd if=/dev/zero of=/dev/shm/big bs=64k count=32 2>&1 | grep -c 'No space'
            mknod /data/null c 1 3 2> /dev/null || echo no device
            echo kept > /data/file""");
    assertEquals("777\n777\none\none\n440\nread-only\n1\nno device\n", first);
    assertEquals("kept\n", run(pod, "second", "cat /data/file"));
  }

  @Test
  void aChangeAppearsInOneStepInARunningContainer() throws Exception {
    configMap("settings", "{\"a\": \"1\", \"b\": \"1\", \"gone\": \"x\"}");
    DownwardApi pod =
        pod(
            """
            {"volumes": [{"name": "conf", "configMap": {"name": "settings"}}],
             "containers": [{"name": "main", "volumeMounts": [
               {"name": "conf", "mountPath": "/conf"}]}]}""");
    volumes.ensure(pod);
    Container c =
        box.containers.start(
            spec(
                pod,
                "watch",
                "cd /conf; until [ -e new ]; do :; done; echo $(cat a b new); ls; readlink a"));
    configMap("settings", "{\"a\": \"2\", \"b\": \"2\", \"new\": \"2\"}");
    volumes.ensure(pod);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    assertEquals(
        "222\na\nb\nnew\n..data/a\n", box.log("watch").replaceAll("(?m)^\\S+ \\S+ F ", ""));
    try (var entries = Files.list(podDir.resolve(".volumes/conf"))) {
      assertEquals(1, entries.filter(e -> e.getFileName().toString().startsWith("..2")).count());
    }
  }

  @Test
  void secretsAreInMemoryAndASecondAgentFindsThem() throws Exception {
    objects.put("Secret/login", tree("{\"data\": {\"password\": \"c2VjcmV0\"}}"));
    DownwardApi pod =
        pod(
            """
            {"securityContext": {"fsGroup": 2000},
             "volumes": [{"name": "login", "secret": {"secretName": "login", "defaultMode": 256}},
                         {"name": "scratch", "emptyDir": {}}],
             "containers": [{"name": "main", "volumeMounts": [
               {"name": "login", "mountPath": "/login"},
               {"name": "scratch", "mountPath": "/scratch"}]}]}""");
    volumes.ensure(pod);
    volumes.close();
    volumes = fresh(); // the agent was killed
    volumes.ensure(pod);
    assertEquals(List.of(podDir.resolve(".volumes/login").toString()), VolumeLeftovers.mounts(dir));
    assertEquals(
        "secret\n440 2000\n2777 2000\n",
        run(
            pod,
            "reads",
            "cat /login/password; echo; stat -L -c '%a %g' /login/password /scratch"));
    assertEquals(0700, sys.lstatat(-100, podDir + "/.volumes").orElseThrow().mode() & 0777);
    assertEquals(1, VolumeLeftovers.unmount(sys, dir.resolve("pods")).size());
  }

  @Test
  void aMissingReferenceIsNamedAndComesLater() {
    DownwardApi pod =
        pod(
            """
            {"volumes": [{"name": "conf", "configMap": {"name": "late"}}], "containers": []}""");
    assertThrows(MissingReferenceException.class, () -> volumes.ensure(pod));
    configMap("late", "{\"a\": \"1\"}");
    volumes.ensure(pod);
    assertTrue(Files.exists(podDir.resolve(".volumes/conf/a")));
  }

  private static final String HOSTILE =
      """
      {"volumes": [{"name": "data", "emptyDir": {}}],
       "containers": [{"name": "main", "volumeMounts": [
         {"name": "data", "mountPath": "/shown", "subPath": "%s"}]}]}""";

  @Test
  void aSubPathFollowsNoLinkOutOfItsVolume() throws Exception {
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "host");
    DownwardApi plain = pod(HOSTILE.formatted("dir"));
    volumes.ensure(plain);
    Path data = podDir.resolve(".volumes/data");
    Files.createSymbolicLink(data.resolve("absolute"), outside);
    Files.createSymbolicLink(data.resolve("relative"), Path.of("../../../../outside"));
    Files.createSymbolicLink(data.resolve("magic"), Path.of("/proc/self/root"));
    Files.createDirectory(data.resolve("proc"));
    for (String link : List.of("absolute", "relative", "magic", "absolute/made", "relative/made")) {
      String seen;
      try {
        seen = run(pod(HOSTILE.formatted(link)), "link", "ls -a /shown; cat /shown/secret");
      } catch (MissingReferenceException e) {
        seen = "refused";
      }
      assertFalse(seen.contains("host"), link + ": " + seen);
    }
    assertFalse(Files.exists(outside.resolve("made"), LinkOption.NOFOLLOW_LINKS));
    assertThrows(
        MissingReferenceException.class,
        () -> volumes.binds(pod(HOSTILE.formatted("../x")).pod(), container("../x"), t -> t));
  }

  private static tools.jackson.databind.JsonNode container(String subPath) {
    return pod(HOSTILE.formatted(subPath)).pod().path("spec").path("containers").path(0);
  }

  @Test
  void aLinkThatIsSwappedDuringTheStartLeadsNowhereElse() throws Exception {
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "host");
    DownwardApi pod = pod(HOSTILE.formatted("swap/deep"));
    volumes.ensure(pod);
    Path data = podDir.resolve(".volumes/data");
    Files.createDirectories(data.resolve("real/deep"));
    Files.createDirectories(outside.resolve("deep"));
    Files.writeString(outside.resolve("deep/secret"), "host");
    Files.createSymbolicLink(data.resolve("evil"), outside);
    Files.createSymbolicLink(data.resolve("good"), Path.of("real"));
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !stop.get(); i++) {
                    sys.symlinkat(i % 2 == 0 ? outside.toString() : "real", -100, data + "/next");
                    sys.renameat(-100, data + "/next", -100, data + "/swap");
                  }
                });
    try {
      for (int i = 0; i < 60; i++) {
        try {
          String seen = run(pod, "swap" + i, "cat /shown/secret");
          assertFalse(seen.contains("host"), seen);
        } catch (MissingReferenceException | dev.berth.agent.container.ContainerException e) {
          assertFalse(String.valueOf(e.getMessage()).isEmpty()); // refused is as good
        }
      }
    } finally {
      stop.set(true);
      attacker.join();
    }
    try (var below = Files.list(outside)) {
      assertEquals(2, below.count());
    }
  }

  private String mode(String volume) {
    Path place = podDir.resolve(".volumes").resolve(volume);
    return Integer.toOctalString(
        sys.lstatat(dev.berth.agent.linux.Linux.AT_FDCWD, place.toString()).orElseThrow().mode()
            & 07777);
  }

  /// A database that has closed its directory to others finds it so the next time.
  @Test
  void permissionsAreTheirUsersAsSoonAsAVolumeIsThere() throws Exception {
    DownwardApi pod =
        pod(
            """
            {"securityContext": {"fsGroup": 77}, "containers": [{"name": "main"}],
             "volumes": [{"name": "disk", "emptyDir": {}},
                         {"name": "fast", "emptyDir": {"medium": "Memory"}}]}""");
    volumes.ensure(pod);
    for (String volume : List.of("disk", "fast")) {
      assertEquals("2777", mode(volume));
      Path place = podDir.resolve(".volumes").resolve(volume);
      assertEquals(77, Files.getAttribute(place, "unix:gid"));
      sys.fchmodat(dev.berth.agent.linux.Linux.AT_FDCWD, place.toString(), 0700);
    }
    volumes.ensure(pod);
    fresh().ensure(pod);
    assertEquals("700", mode("disk"));
    assertEquals("700", mode("fast"));
  }

  @Test
  void whateverLiesInTheWayOfAChangeIsRemoved() throws Exception {
    configMap("settings", "{\"a\": \"1\"}");
    DownwardApi pod =
        pod("{\"volumes\": [{\"name\": \"conf\", \"configMap\": {\"name\": \"settings\"}}]}");
    volumes.ensure(pod);
    Path conf = podDir.resolve(".volumes/conf");
    Files.createDirectories(conf.resolve("..data_tmp/full"));
    configMap("settings", "{\"a\": \"2\"}");
    volumes.ensure(pod);
    assertEquals("2", Files.readString(conf.resolve("a")));
    assertFalse(Files.exists(conf.resolve("..data_tmp")));
  }

  /// An agent that was killed while it made the volume has left a directory for itself alone.
  @Test
  void aVolumeThatWasHalfMadeIsMade() throws Exception {
    Files.createDirectories(podDir.resolve(".volumes/.disk.new"));
    volumes.ensure(pod("{\"volumes\": [{\"name\": \"disk\", \"emptyDir\": {}}]}"));
    assertEquals("777", mode("disk"));
    assertFalse(Files.exists(podDir.resolve(".volumes/.disk.new")));
  }
}
