package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What reconcilers make of what they are asked for.
class WorkloadsIT extends WithPods {
  private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

  WorkloadsIT() {
    super("workloads");
  }

  @Test
  @Tag("conformance:job/5")
  @Tag("conformance:job/6")
  @Tag("conformance:job/10")
  void aJobEndsThoughItsTasksFail() throws IOException, InterruptedException {
    wire.postYaml(
            JOBS,
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: counted}
            spec:
              completions: 2
              parallelism: 2
              completionMode: Indexed
              template:
                spec:
                  restartPolicy: OnFailure
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: v, emptyDir: {}}]
                  containers:
                  - name: main
                    image: default/shell:1
                    volumeMounts: [{name: v, mountPath: /v}]
                    command: [sh, -c, '[ -e /v/tried ] || { touch /v/tried; exit 1; }; echo "$JOB_COMPLETION_INDEX $(hostname)"']
            """)
        .is(201);
    JsonNode job = await(JOBS + "/counted", j -> j.at("/status/succeeded").asInt() == 2);
    assertTrue(job.at("/status/conditions").toString().contains("\"Complete\""), job::toString);
    JsonNode pods = items(ScriptPods.PODS + "?labelSelector=job-name%3Dcounted");
    assertEquals(2, pods.size(), pods::toString);
    for (JsonNode pod : pods) {
      String index =
          pod.at("/metadata/annotations/batch.kubernetes.io~1job-completion-index").asString();
      assertEquals(
          index + " counted-" + index + "\n",
          wire.text(ScriptPods.PODS + "/" + pod.at("/metadata/name").asString() + "/log"));
    }
    wire.delete(JOBS + "/counted?propagationPolicy=Background").ok();
    TestHost.waitUntil(
        "the pods are gone",
        () -> items(ScriptPods.PODS + "?labelSelector=job-name%3Dcounted").isEmpty());
  }

  @Test
  @Tag("conformance:job/8")
  void aJobMayWait() throws IOException, InterruptedException {
    wire.postYaml(
            JOBS,
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: waits}
            spec:
              suspend: true
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: 'default/shell:1', command: ['true']}]
            """)
        .is(201);
    await(JOBS + "/waits", j -> j.at("/status/conditions").toString().contains("Suspended"));
    assertEquals(0, items(ScriptPods.PODS + "?labelSelector=job-name%3Dwaits").size());
    wire.merge(
            JOBS + "/waits",
            "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"suspend\":false}}")
        .ok();
    await(JOBS + "/waits", j -> j.at("/status/succeeded").asInt() == 1);
    assertEquals(1, items("/apis/batch/v1/jobs?labelSelector=a%3Db").size());
    wire.delete(JOBS + "?labelSelector=a%3Db").ok();
    TestHost.waitUntil("the job is gone", () -> isGone(JOBS + "/waits"));
  }

  @Test
  @Tag("conformance:deployment/3")
  @Tag("conformance:deployment/4")
  @Tag("conformance:deployment/7")
  @Tag("conformance:deployment/8")
  void aDeploymentRollsAndKeepsAsMuchHistoryAsItIsAsked() throws IOException, InterruptedException {
    wire.postYaml(
            DEPLOYMENTS,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: rolls, labels: {app: rolls}}
            spec:
              replicas: 2
              revisionHistoryLimit: 1
              strategy: {type: RollingUpdate}
              selector: {matchLabels: {app: rolls}}
              template:
                metadata: {labels: {app: rolls}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: 'default/shell:1', command: [sleep, '1000'], resources: {requests: {cpu: 1m}}}]
            """)
        .is(201);
    String path = DEPLOYMENTS + "/rolls";
    await(path, d -> d.at("/status/availableReplicas").asInt() == 2);
    for (String step : new String[] {"one", "two", "three"}) {
      template(path, step);
      await(path, d -> rolled(d, 2));
    }
    TestHost.waitUntil(
        "the history is short",
        () ->
            items("/apis/apps/v1/namespaces/default/replicasets?labelSelector=app%3Drolls").size()
                == 2);
    JsonNode status =
        wire.merge(
                path + "/status",
                "{\"status\":{\"conditions\":[{\"type\":\"Own\",\"status\":\"True\"}]}}")
            .ok();
    assertTrue(status.at("/status/conditions").toString().contains("Own"), status::toString);
    assertEquals(1, items("/apis/apps/v1/deployments?labelSelector=app%3Drolls").size());
    wire.delete(DEPLOYMENTS + "?labelSelector=app%3Drolls").ok();
    TestHost.waitUntil("it is gone", () -> isGone(path));
  }

  @Test
  @Tag("conformance:deployment/2")
  void aDeploymentMayBeginAnew() throws IOException, InterruptedException {
    wire.postYaml(
            DEPLOYMENTS,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: anew, labels: {app: anew}}
            spec:
              replicas: 2
              revisionHistoryLimit: 1
              strategy: {type: Recreate}
              selector: {matchLabels: {app: anew}}
              template:
                metadata: {labels: {app: anew}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: 'default/shell:1', command: [sleep, '1000'], resources: {requests: {cpu: 1m}}}]
            """)
        .is(201);
    String path = DEPLOYMENTS + "/anew";
    await(path, d -> d.at("/status/availableReplicas").asInt() == 2);
    template(path, "one");
    JsonNode deployment =
        await(
            path,
            d -> {
              Set<String> seen = new HashSet<>();
              items(ScriptPods.PODS + "?labelSelector=app%3Danew")
                  .forEach(p -> seen.add(p.at("/metadata/annotations/step").asString("")));
              assertTrue(seen.size() < 2, seen::toString);
              return rolled(d, 2);
            });
    assertEquals(2, deployment.at("/status/replicas").asInt());
    wire.delete(path).ok();
  }

  @Test
  @Tag("conformance:endpointslice/1")
  @Tag("conformance:endpointslice/2")
  @Tag("conformance:endpoints/3")
  @Tag("conformance:endpoints/4")
  void slicesAndEndpointsFollowThePods() throws IOException, InterruptedException {
    for (String name : new String[] {"followed", "lonely"}) {
      wire.postYaml(
              "/api/v1/namespaces/default/services",
              "{apiVersion: v1, kind: Service, metadata: {name: "
                  + name
                  + "}, spec: {selector: {tier: test, who: "
                  + name
                  + "}, ports: [{port: 80, targetPort: 8080}]}}")
          .is(201);
    }
    String pod = pods.create("", "command: [sleep, '1000']");
    wire.merge(ScriptPods.PODS + "/" + pod, "{\"metadata\":{\"labels\":{\"who\":\"followed\"}}}")
        .ok();
    String ip =
        pods.await(pod, p -> p.at("/status/phase").asString("").equals("Running"))
            .at("/status/podIP")
            .asString();
    TestHost.waitUntil("the slice has it", () -> addresses("followed").equals(List.of(ip)));
    TestHost.waitUntil("the endpoints have it", () -> endpoints("followed").contains(ip));
    TestHost.waitUntil("there is an empty slice", () -> slices("lonely").size() == 1);
    assertEquals(List.of(), addresses("lonely"));
    assertEquals("", endpoints("lonely"));
    wire.delete(ScriptPods.PODS + "/" + pod + "?gracePeriodSeconds=0").ok();
    TestHost.waitUntil("the slice is empty", () -> addresses("followed").isEmpty());
    TestHost.waitUntil("the endpoints are empty", () -> endpoints("followed").isEmpty());
  }

  @Test
  @Tag("conformance:service-accounts/3")
  @Tag("conformance:service-accounts/4")
  void anAccountHasATokenThatIsReviewed() throws IOException, InterruptedException {
    JsonNode request =
        wire.postYaml(
                "/api/v1/namespaces/default/serviceaccounts/default/token",
                "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 600}}")
            .ok();
    JsonNode review =
        wire.postYaml(
                "/apis/authentication.k8s.io/v1/tokenreviews",
                "{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: '"
                    + request.at("/status/token").asString()
                    + "'}}")
            .ok();
    assertTrue(review.at("/status/authenticated").asBoolean(), review::toString);
    assertEquals(
        "system:serviceaccount:default:default", review.at("/status/user/username").asString());
    String root = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";
    wire.delete(root).ok();
    await(root, c -> c.at("/data/ca.crt").asString("").contains("BEGIN CERTIFICATE"));
    wire.merge(root, "{\"data\":{\"ca.crt\":\"wrong\"}}").ok();
    await(root, c -> c.at("/data/ca.crt").asString("").contains("BEGIN CERTIFICATE"));
  }

  private void template(String path, String step) throws IOException {
    wire.merge(
            path,
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"step\":\""
                + step
                + "\"}}}}}")
        .ok();
  }

  private static boolean rolled(JsonNode deployment, int replicas) {
    return deployment.at("/status/observedGeneration").asInt()
            == deployment.at("/metadata/generation").asInt()
        && deployment.at("/status/updatedReplicas").asInt() == replicas
        && deployment.at("/status/replicas").asInt() == replicas
        && deployment.at("/status/availableReplicas").asInt() == replicas;
  }

  private JsonNode slices(String service) {
    return items(
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3D"
            + service);
  }

  private List<String> addresses(String service) {
    List<String> all = new ArrayList<>();
    slices(service)
        .forEach(
            s ->
                s.path("endpoints")
                    .forEach(e -> e.path("addresses").forEach(a -> all.add(a.asString()))));
    return all;
  }

  /// The addresses as one text; nothing where there are none.
  private String endpoints(String service) {
    JsonNode subsets = get("/api/v1/namespaces/default/endpoints/" + service).path("subsets");
    return subsets.isEmpty() ? "" : subsets.path(0).path("addresses").toString();
  }

  private JsonNode items(String path) {
    return get(path).path("items");
  }

  private JsonNode get(String path) {
    try {
      return wire.get(path).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode await(String path, Predicate<JsonNode> condition) throws InterruptedException {
    TestHost.waitUntil(path, () -> condition.test(get(path)));
    return get(path);
  }

  private boolean isGone(String path) {
    try {
      return wire.get(path).code() == 404;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
