package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// The client library most Java programs use, fabric8's `kubernetes-client`, cannot tell: what
/// operators do with it, against one test host. The controller is killed last, under an informer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class Fabric8IT {
  private static final String NAMESPACE = "fabric8";
  private static final String POD = "talker";
  private static final String SCRIPT =
      "echo hello; while :; do echo forwarded | nc -l -p 3000; done";

  private TestHost host;
  private Door door;
  private KubernetesClient client;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    host = TestHost.create("fabric8");
    host.up().ok();
    host.buildShell("shell:1");
    door = Door.open(host, 6443);
    client = Fabric8.client(host, door);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).and().build())
        .create();
    client.resource(pod()).create();
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (client != null) {
      client.close();
    }
    if (door != null) {
      door.close();
    }
    if (host != null) {
      host.close();
    }
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName(POD)
        .withNamespace(NAMESPACE)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("main")
        .withImage("default/shell:1")
        .withCommand("sh", "-c", SCRIPT)
        .endContainer()
        .endSpec()
        .build();
  }

  private NonNamespaceOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps() {
    MixedOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> all = client.configMaps();
    return all.inNamespace(NAMESPACE);
  }

  private static ConfigMap map(String name, String color) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(NAMESPACE)
        .addToLabels("made", "here")
        .endMetadata()
        .withData(Map.of("color", color))
        .build();
  }

  @Test
  @Order(1)
  void objectsAreMadeReadChangedAndDeleted() {
    ConfigMap made = maps().resource(map("first", "red")).create();
    Resource<ConfigMap> first = maps().withName("first");
    first.edit(map -> new ConfigMapBuilder(map).addToData("color", "blue").build());
    assertEquals("blue", first.get().getData().get("color"));
    String stale = made.getMetadata().getResourceVersion();
    assertCode(409, () -> maps().resource(made).lockResourceVersion(stale).update());
    for (PatchType type : List.of(PatchType.JSON_MERGE, PatchType.STRATEGIC_MERGE)) {
      String patch = "{\"data\":{\"by\":\"" + type + "\"}}";
      assertEquals(type.toString(), first.patch(PatchContext.of(type), patch).getData().get("by"));
    }
    String remove = "[{\"op\":\"remove\",\"path\":\"/data/by\"}]";
    assertNull(first.patch(PatchContext.of(PatchType.JSON), remove).getData().get("by"));
    assertEquals(1, maps().withLabel("made", "here").list().getItems().size());
    assertNull(maps().withName("none").get());
    assertEquals(1, first.delete().size());
    assertNull(first.get());
  }

  @Test
  @Order(2)
  void twoManagersOfOneFieldAreToldOfEachOther() {
    maps().resource(map("applied", "red")).fieldManager("one").serverSideApply();
    ConfigMap other = map("applied", "blue");
    assertCode(409, () -> maps().resource(other).fieldManager("two").serverSideApply());
    ConfigMap forced =
        maps().resource(other).fieldManager("two").forceConflicts().serverSideApply();
    assertEquals("blue", forced.getData().get("color"));
    maps().withName("applied").delete();
  }

  private static void assertCode(int code, org.junit.jupiter.api.function.Executable call) {
    assertEquals(code, assertThrows(KubernetesClientException.class, call).getCode());
  }

  @Test
  @Order(3)
  void ofTwoCandidatesOneLeadsUntilItLetsGo() throws Exception {
    List<String> leaders = new CopyOnWriteArrayList<>();
    CompletableFuture<?> first = candidate("first", leaders);
    TestHost.waitUntil("the first leads", () -> leaders.equals(List.of("first")));
    CompletableFuture<?> second = candidate("second", leaders);
    renewals(3);
    assertEquals(List.of("first"), leaders);
    first.cancel(true);
    TestHost.waitUntil("the second leads", () -> leaders.equals(List.of("first", "second")));
    second.cancel(true);
  }

  /// Who leads has said so that often since; the other has asked meanwhile.
  private void renewals(int times) throws InterruptedException {
    Set<String> seen = new HashSet<>();
    TestHost.waitUntil(
        "the first renews its lease",
        () -> {
          LeaseSpec lease =
              client.leases().inNamespace(NAMESPACE).withName("leader").get().getSpec();
          assertEquals("first", lease.getHolderIdentity());
          seen.add(lease.getRenewTime().toString());
          return seen.size() > times;
        });
  }

  private CompletableFuture<?> candidate(String name, List<String> leaders) {
    return client
        .leaderElector()
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(name)
                .withLock(new LeaseLock(NAMESPACE, "leader", name))
                .withLeaseDuration(Duration.ofSeconds(15))
                .withRenewDeadline(Duration.ofSeconds(10))
                .withRetryPeriod(Duration.ofMillis(200))
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                    new LeaderCallbacks(() -> leaders.add(name), () -> {}, _ -> {}))
                .build())
        .build()
        .start();
  }

  private PodResource talker() {
    PodResource talker = client.pods().inNamespace(NAMESPACE).withName(POD);
    talker.waitUntilReady(180, TimeUnit.SECONDS);
    return talker;
  }

  @Test
  @Order(4)
  void aCommandTakesItsInputAndGivesOutputAndExitCode() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (ExecWatch command =
        talker()
            .redirectingInput()
            .writingOutput(out)
            .writingError(err)
            .exec("sh", "-c", "read line; echo got $line; echo oops >&2; exit 7")) {
      command.getInput().write("told\n".getBytes(StandardCharsets.UTF_8));
      command.getInput().flush();
      assertEquals(7, command.exitCode().get(180, TimeUnit.SECONDS));
    }
    assertEquals("got told\n", out.toString(StandardCharsets.UTF_8));
    assertEquals("oops\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  @Order(5)
  void logsAreReadAndFollowed() throws Exception {
    assertEquals("hello\n", talker().getLog());
    ByteArrayOutputStream followed = new ByteArrayOutputStream();
    try (LogWatch _ = talker().tailingLines(1).watchLog(followed)) {
      TestHost.waitUntil("the line is followed", () -> followed.size() > 0);
      assertEquals("hello\n", followed.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  @Order(6)
  void aPortOfAPodIsBroughtHere() throws IOException {
    try (LocalPortForward forward = talker().portForward(3000);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
      socket.setSoTimeout(20_000);
      byte[] line = socket.getInputStream().readNBytes("forwarded\n".length());
      assertEquals("forwarded\n", new String(line, StandardCharsets.UTF_8));
    }
  }

  /// The last one: what a new process does not know any more is answered 410, and the informer
  /// lists again.
  @Test
  @Order(7)
  void anInformerSeesEverythingAlsoAfterTheControllerWasKilled() throws Exception {
    Seen seen = new Seen();
    try (SharedIndexInformer<ConfigMap> informer =
        maps().withLabel("made", "here").inform(seen, 0)) {
      maps().resource(map("seen", "red")).create();
      seen.await("added seen red");
      maps().resource(map("seen", "blue")).update();
      seen.await("updated seen blue");
      host.killBerth();
      host.up().ok();
      maps().resource(map("later", "red")).create();
      seen.await("added later red");
      maps().resource(map("seen", "green")).update();
      seen.await("updated seen green");
      maps().withName("later").delete();
      seen.await("deleted later red");
      assertEquals(1, informer.getStore().list().size());
      assertTrue(informer.isRunning());
    }
  }

  private static final class Seen implements ResourceEventHandler<ConfigMap> {
    private final List<String> events = new CopyOnWriteArrayList<>();

    private void saw(String what, ConfigMap map) {
      events.add(what + " " + map.getMetadata().getName() + " " + map.getData().get("color"));
    }

    @Override
    public void onAdd(ConfigMap map) {
      saw("added", map);
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap map) {
      saw("updated", map);
    }

    @Override
    public void onDelete(ConfigMap map, boolean unknown) {
      saw("deleted", map);
    }

    void await(String event) throws InterruptedException {
      TestHost.waitUntil(event, () -> events.contains(event));
    }
  }
}
