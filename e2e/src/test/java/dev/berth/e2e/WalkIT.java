package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The walk of one app on one host, in the order a person would take.
class WalkIT extends WithHost {
  private static final int WRITES = 20;

  WalkIT() {
    super("walk");
  }

  @Override
  void prepare(TestHost host) throws IOException, InterruptedException {
    host.up().ok();
  }

  @Test
  @Order(1)
  void aSecondUpNamesTheFirstOnesDataDirectory() throws IOException, InterruptedException {
    Ran second = host().berth("up", "--data-dir", host().dir().resolve("other").toString());

    assertEquals(1, second.code(), second::toString);
    assertTrue(second.err().contains("data directory " + host().dataDir()), second::toString);
    assertEquals(0, host().up().code(), "the same again is no error");
  }

  @Test
  @Order(2)
  void applyBuildsAndRunsAModelAndAnApp() throws IOException, InterruptedException {
    host()
        .context(
            "model",
            "FROM scratch\nCOPY box /box\nEXPOSE 8080\nENTRYPOINT [\"/box\", \"model\"]\n");
    host()
        .context(
            "app", "FROM scratch\nCOPY box /box\nEXPOSE 3000\nENTRYPOINT [\"/box\", \"app\"]\n");
    host().write("modelapp.yaml", modelApp("sum", "sum.localhost"));

    Ran applied = host().berth("apply", "-f", "modelapp.yaml", "--timeout", "3m").ok();
    assertTrue(applied.err().contains("OK  build sum-model"), applied::toString);
    assertTrue(applied.err().contains("sum runs: http://sum.localhost"), applied::toString);
  }

  @Test
  @Order(3)
  void theSameAgainChangesNothing() throws IOException, InterruptedException {
    Ran again = host().berth("apply", "-f", "modelapp.yaml", "--timeout", "3m").ok();

    assertTrue(again.err().contains("--  ModelApp/sum"), again::toString);
  }

  @Test
  @Order(4)
  void theEndpointAnswersFromOutside() throws IOException, InterruptedException {
    Ran answer =
        host()
            .berth(
                "call",
                "sum",
                "--data",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[2],\"datatype\":\"FP64\",\"data\":[40,2]}]}")
            .ok();
    assertTrue(answer.out().contains("\"data\":[42]"), answer::toString);

    Ran zeros = host().berth("call", "sum").ok();
    assertTrue(zeros.out().contains("\"data\":[0]"), zeros::toString);
  }

  @Test
  @Order(5)
  void peopleReachTheAppByItsHost() throws IOException, InterruptedException {
    Ran page = host().visit("sum.localhost", "/").ok();
    assertTrue(page.out().contains("<h1>box</h1>"), page::toString);

    Ran stranger = host().visit("nobody.localhost", "/");
    assertTrue(stranger.out().startsWith("HTTP/1.1 404"), stranger::toString);
    assertTrue(stranger.out().contains("sum.localhost"), stranger::toString);
  }

  @Test
  @Order(6)
  void theAppReachesItsModelThroughTheEndpoint() throws IOException, InterruptedException {
    Ran answer = host().visit("sum.localhost", "/ask").ok();

    assertTrue(answer.out().contains("\"data\":[42]"), answer::toString);
    assertTrue(
        answer.out().toLowerCase(java.util.Locale.ROOT).contains("berth-revision: r1"),
        answer::toString);
  }

  @Test
  @Order(7)
  void nobodyReachesTheModelPastTheEndpoint() throws IOException, InterruptedException {
    Ran pods =
        host()
            .berth(
                "get",
                "pods",
                "-l",
                "berth.dev/modelapp=sum,berth.dev/component=model",
                "-o",
                "json")
            .ok();
    String ip = pods.out().replaceAll("(?s).*\"podIP\"\\s*:\\s*\"([0-9.]+)\".*", "$1");

    Ran direct = host().visitThrough("sum.localhost", ip, 8080, "/v2/health/ready").ok();
    assertTrue(direct.out().contains("failed: Connection re"), direct::toString);
  }

  @Test
  @Order(8)
  void anotherAppIsTurnedAwayByName() throws IOException, InterruptedException {
    host().write("other.yaml", modelApp("other", "other.localhost"));
    host().berth("apply", "-f", "other.yaml", "--timeout", "3m").ok();

    Ran refused =
        host()
            .visitThrough(
                "other.localhost", "sum-model.default.svc.cluster.local", 80, "/v2/health/ready")
            .ok();
    assertTrue(refused.out().contains("HTTP/1.1 403"), refused::toString);
    assertTrue(
        refused.out().toLowerCase(java.util.Locale.ROOT).contains("berth-reason: access"),
        refused::toString);
  }

  @Test
  @Order(9)
  void twoAppsWithOneHostAreBothNamed() throws IOException, InterruptedException {
    host().write("thief.yaml", modelApp("thief", "sum.localhost"));
    Ran refused = host().berth("apply", "-f", "thief.yaml", "--timeout", "3m");

    assertEquals(2, refused.code(), refused::toString);
    assertTrue(refused.err().contains("sum.localhost"), refused::toString);
    assertTrue(
        refused.err().contains("default/sum")
            || refused.err().contains("\"sum\"")
            || refused.err().contains(" sum"),
        refused::toString);
    host().berth("delete", "modelapp", "thief").ok();
  }

  @Test
  @Order(10)
  void logsOfAnAppAreItsPodsTogether() throws IOException, InterruptedException {
    Path out = host().dir().resolve("logs.out");
    host().start(out, "logs", "sum", "-f");
    TestHost.waitUntil(
        "both pods are in the log",
        () ->
            TestHost.contains(out, "listening on 8080")
                && TestHost.contains(out, "listening on 3000"));

    host().berth("call", "sum").ok();
    TestHost.waitUntil(
        "a new line follows", () -> TestHost.contains(out, "POST /v2/models/sum/infer"));
    assertTrue(
        Files.readString(out)
            .lines()
            .allMatch(line -> line.matches("sum-(model-r1|app)-\\S+ +\\| .*")),
        Files.readString(out));
  }

  @Test
  @Order(11)
  void statusIsTheWire() throws IOException, InterruptedException {
    Ran status = host().berth("status").ok();

    assertTrue(status.out().contains("model r1 1/1"), status::toString);
    assertTrue(status.out().contains("endpoint sum-model (open-inference"), status::toString);
    assertTrue(status.out().contains("app 1/1"), status::toString);
  }

  @Test
  @Order(12)
  void killingBerthLosesNoContainerAndNoWrite() throws IOException, InterruptedException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < WRITES; i++) {
      many.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: w")
          .append(i)
          .append("}\ndata: {value: \"")
          .append(i)
          .append("\"}\n");
    }
    host().write("writes.yaml", many.toString());
    host().berth("apply", "-f", "writes.yaml").ok();
    Set<String> before = host().containers();
    host().killBerth();
    assertEquals(before, host().containers(), "containers outlive the process");

    host().up().ok();
    assertEquals(before, host().containers(), "and are adopted, not restarted");
    Ran writes = host().berth("get", "configmaps", "-o", "name").ok();
    assertEquals(
        WRITES,
        writes.out().lines().filter(line -> line.matches("configmap/w[0-9]+")).count(),
        writes::toString);
    assertTrue(
        host()
            .berth("call", "sum", "--data", "{\"inputs\":[{\"data\":[2,3]}]}")
            .ok()
            .out()
            .contains("\"data\":[5]"));
  }

  @Test
  @Order(13)
  void deleteLeavesNothingOfTheApp() throws IOException, InterruptedException {
    host().berth("delete", "modelapp", "sum", "other").ok();

    assertEquals(
        "",
        host()
            .berth(
                "get",
                "pods,services,deployments,replicasets,endpointslices",
                "-l",
                "berth.dev/modelapp",
                "-o",
                "name")
            .ok()
            .out());
    assertEquals(Set.of(), host().containers());
    assertFalse(host().visit("sum.localhost", "/").out().startsWith("HTTP/1.1 200"));
  }

  @Test
  @Order(14)
  void downPurgeProvesThatNothingIsLeft() throws IOException, InterruptedException {
    Ran down = host().berth("down", "--purge", "--yes").ok();

    assertTrue(down.err().contains("Nothing of Berth is left"), down::toString);
    assertFalse(Files.exists(host().dataDir()));
  }

  private static String modelApp(String name, String ingress) {
    return """
    apiVersion: berth.dev/v1alpha1
    kind: ModelApp
    metadata:
      name: %s
    spec:
      model:
        build: {context: model}
      endpoint:
        protocol: open-inference
      app:
        build: {context: app}
      ingress:
        host: %s
    """
        .formatted(name, ingress);
  }
}
