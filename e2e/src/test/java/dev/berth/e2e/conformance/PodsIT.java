package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a container is told, what it may do, and what is told of its end.
class PodsIT extends WithPods {
  PodsIT() {
    super("pods");
  }

  @Test
  @Tag("conformance:command-and-args/1")
  @Tag("conformance:command-and-args/2")
  @Tag("conformance:command-and-args/3")
  @Tag("conformance:command-and-args/4")
  void whatTheImageSaysCanBeOverridden() throws IOException, InterruptedException {
    assertEquals("the image says so\n", pods.says(""));
    assertEquals("args\n", pods.says("args: [echo, args]"));
    assertEquals("command\n", pods.says("command: [echo, command]"));
    assertEquals("both of them\n", pods.says("command: [echo, both]\nargs: [of, them]"));
  }

  @Test
  @Tag("conformance:variable-expansion/1")
  @Tag("conformance:variable-expansion/2")
  @Tag("conformance:variable-expansion/3")
  void variablesExpand() throws IOException, InterruptedException {
    assertEquals(
        "a=1 b=1-2 literal=$(A) unknown=$(NOBODY)\n",
        pods.says(
            """
            command: [sh, -c, 'echo "a=$A b=$B literal=$C unknown=$D"']
            env:
            - {name: A, value: "1"}
            - {name: B, value: $(A)-2}
            - {name: C, value: $$(A)}
            - {name: D, value: $(NOBODY)}
            """));
    assertEquals(
        "one two\n",
        pods.says(
            "command: [echo, $(A)]\nargs: [$(B)]\nenv: [{name: A, value: one}, {name: B, value: two}]"));
  }

  @Test
  @Tag("conformance:configmap-use-and-api/1")
  @Tag("conformance:configmap-use-and-api/2")
  @Tag("conformance:configmap-use-and-api/3")
  @Tag("conformance:secret-env-and-api/1")
  @Tag("conformance:secret-env-and-api/2")
  @Tag("conformance:secret-env-and-api/3")
  void configMapsAndSecretsBecomeVariables() throws IOException, InterruptedException {
    wire.postYaml(
            "/api/v1/namespaces/default/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: some}, data: {plain: a, other: b}}")
        .is(201);
    wire.postYaml(
            "/api/v1/namespaces/default/secrets",
            "{apiVersion: v1, kind: Secret, metadata: {name: some}, stringData: {hidden: c}}")
        .is(201);
    String env =
        pods.says(
            """
            command: [env]
            env:
            - {name: ONE, valueFrom: {configMapKeyRef: {name: some, key: plain}}}
            - {name: TWO, valueFrom: {secretKeyRef: {name: some, key: hidden}}}
            - {name: NONE, valueFrom: {secretKeyRef: {name: nobody, key: hidden, optional: true}}}
            envFrom:
            - {configMapRef: {name: some}}
            - {configMapRef: {name: some}, prefix: "p-1.&"}
            - {secretRef: {name: some}, prefix: "s "}
            - {secretRef: {name: some}}
            - {configMapRef: {name: nobody, optional: true}}
            """);
    for (String line :
        new String[] {
          "ONE=a", "TWO=c", "plain=a", "other=b", "p-1.&plain=a", "s hidden=c", "hidden=c"
        }) {
      assertTrue(env.lines().anyMatch(line::equals), () -> line + " in " + env);
    }
    assertTrue(!env.contains("NONE"), env);
  }

  @Test
  @Tag("conformance:configmap-use-and-api/4")
  @Tag("conformance:secret-env-and-api/4")
  void anEmptyKeyIsRefused() throws IOException, InterruptedException {
    for (String kind : new String[] {"ConfigMap", "Secret"}) {
      wire.postYaml(
              "/api/v1/namespaces/default/" + kind.toLowerCase(java.util.Locale.ROOT) + "s",
              "{apiVersion: v1, kind: " + kind + ", metadata: {name: e}, data: {'': YQ==}}")
          .is(422);
    }
  }

  @Test
  @Tag("conformance:downward-api-env/1")
  @Tag("conformance:downward-api-env/3")
  @Tag("conformance:downward-api-env/4")
  @Tag("conformance:downward-api-env/5")
  @Tag("conformance:downward-api-env/6")
  void aPodKnowsItself() throws IOException, InterruptedException {
    ScriptPods.Ended ended =
        pods.run(
            "",
            """
            command: [sh, -c, 'echo "$NAME $NS $IP $HOST $HOSTS $UID_ $CPU $MEM $CPU_R $MEM_R"']
            resources: {limits: {cpu: 500m, memory: 64Mi}, requests: {cpu: 10m, memory: 32Mi}}
            env:
            - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: HOST, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
            - {name: HOSTS, valueFrom: {fieldRef: {fieldPath: status.hostIPs}}}
            - {name: UID_, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
            - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
            - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
            - {name: CPU_R, valueFrom: {resourceFieldRef: {resource: requests.cpu}}}
            - {name: MEM_R, valueFrom: {resourceFieldRef: {resource: requests.memory}}}
            """);
    JsonNode pod = ended.pod();
    String host = pod.at("/status/hostIP").asString();
    assertEquals(
        String.join(
            " ",
            pod.at("/metadata/name").asString(),
            "default",
            pod.at("/status/podIP").asString(),
            host,
            host,
            pod.at("/metadata/uid").asString(),
            "500 64 1 33554432\n"),
        ended.log());
  }

  @Test
  @Tag("conformance:downward-api-env/2")
  void withoutALimitItIsWhatTheNodeHas() throws IOException, InterruptedException {
    JsonNode node = wire.get("/api/v1/nodes/" + host.nodeName()).ok();
    assertEquals(
        node.at("/status/allocatable/cpu").asString() + "\n",
        pods.says(
            """
            command: [sh, -c, 'echo "$CPU"']
            env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]
            """));
  }

  @Test
  @Tag("conformance:kubelet-basics/1")
  @Tag("conformance:kubelet-basics/2")
  @Tag("conformance:kubelet-basics/3")
  void anEndIsToldWithItsCodeAndReason() throws IOException, InterruptedException {
    ScriptPods.Ended ended = pods.run("", "command: [sh, -c, 'echo words; exit 3']");
    assertEquals("words\n", ended.log());
    assertEquals("Failed", ended.phase());
    assertEquals("Error", ended.terminated().path("reason").asString());
    assertEquals(3, ended.terminated().path("exitCode").asInt());
  }

  @Test
  @Tag("conformance:kubelet-basics/4")
  @Tag("conformance:security-context/3")
  void theRootMayBeReadOnlyOrNot() throws IOException, InterruptedException {
    String script = "command: [sh, -c, 'echo a > /file && echo written || echo refused']\n";
    assertEquals(
        "written\n", pods.says(script + "securityContext: {readOnlyRootFilesystem: false}"));
    String read = pods.says(script + "securityContext: {readOnlyRootFilesystem: true}");
    assertTrue(read.contains("refused"), read);
  }

  @Test
  @Tag("conformance:kubelet-basics/5")
  void hostsAreNamedAsTheyAreAsked() throws IOException, InterruptedException {
    String hosts =
        pods.says(
            "hostAliases: [{ip: 10.1.2.3, hostnames: [far, away]}]", "command: [cat, /etc/hosts]");
    assertTrue(hosts.contains("10.1.2.3\tfar\taway"), hosts);
  }

  @Test
  @Tag("conformance:security-context/1")
  @Tag("conformance:security-context/4")
  @Tag("conformance:security-context/5")
  void aContainerRunsAsWhomItIsAsked() throws IOException, InterruptedException {
    String script = "command: [sh, -c, 'echo $(id -u) $(id -g)']\n";
    assertEquals("65534 65534\n", pods.says(script + "securityContext: {runAsUser: 65534}"));
    assertEquals(
        "1001 1002\n", pods.says(script + "securityContext: {runAsUser: 1001, runAsGroup: 1002}"));
    assertEquals(
        "1003 1004\n", pods.says("securityContext: {runAsUser: 1003, runAsGroup: 1004}", script));
  }

  @Test
  @Tag("conformance:security-context/2")
  @Tag("conformance:security-context/6")
  void nobodyGainsRights() throws IOException, InterruptedException {
    String script =
        "command: [sh, -c, 'grep -E \"NoNewPrivs|CapEff\" /proc/self/status; ip link add d type dummy 2>&1 || true']\n";
    String says =
        pods.says(script + "securityContext: {allowPrivilegeEscalation: false, privileged: false}");
    assertTrue(says.contains("NoNewPrivs:\t1"), says);
    assertTrue(says.contains("not permitted"), says);
  }

  @Test
  @Tag("conformance:container-runtime/1")
  @Tag("conformance:container-runtime/2")
  @Tag("conformance:container-runtime/3")
  @Tag("conformance:container-runtime/4")
  void theLastWordsAreKept() throws IOException, InterruptedException {
    assertEquals(
        "",
        message(
            "terminationMessagePolicy: FallbackToLogsOnError\ncommand: [sh, -c, 'echo noise']"));
    assertEquals(
        "from the file",
        message("command: [sh, -c, 'printf \"from the file\" > /dev/termination-log']"));
    assertEquals(
        "noise",
        message(
            "terminationMessagePolicy: FallbackToLogsOnError\ncommand: [sh, -c, 'printf noise; exit 1']"));
    assertEquals(
        "mine",
        message(
            """
            terminationMessagePath: /dev/mine
            securityContext: {runAsUser: 1001}
            command: [sh, -c, 'printf mine > /dev/mine']
            """));
  }

  @Test
  @Tag("conformance-part:container-runtime/5")
  void restartsAreAsThePolicySays() throws IOException, InterruptedException {
    assertEquals("Failed", pods.run("", "command: [sh, -c, 'exit 1']").phase());
    String always = pods.create("", "command: [sh, -c, 'exit 0']").toString();
    pods.await(always, p -> p.at("/status/phase").asString("").equals("Succeeded"));
    assertEquals(0, pods.get(always).at("/status/containerStatuses/0/restartCount").asInt());
  }

  @Test
  @Tag("conformance:pods/5")
  void servicesAreInTheEnvironment() throws IOException, InterruptedException {
    wire.postYaml(
            "/api/v1/namespaces/default/services",
            "{apiVersion: v1, kind: Service, metadata: {name: my-own}, spec: {ports: [{port: 8765}]}}")
        .is(201);
    String ip =
        wire.get("/api/v1/namespaces/default/services/my-own")
            .ok()
            .at("/spec/clusterIP")
            .asString();
    assertEquals(
        ip + " 8765 tcp://" + ip + ":8765\n",
        pods.says(
            "command: [sh, -c, 'echo $MY_OWN_SERVICE_HOST $MY_OWN_SERVICE_PORT $MY_OWN_PORT']"));
  }

  @Test
  @Tag("conformance:pods/1")
  @Tag("conformance:pods/3")
  @Tag("conformance:pods/4")
  @Tag("conformance:pods/6")
  @Tag("conformance:pods/7")
  @Tag("conformance:pods/8")
  @Tag("conformance:pods/9")
  void aPodHasAClassAHostAndLabelsThatChange() throws IOException, InterruptedException {
    String name = pods.create("", "command: [sleep, '1000']\nresources: {requests: {cpu: 1m}}");
    JsonNode pod = pods.await(name, p -> p.at("/status/phase").asString("").equals("Running"));
    assertEquals("Burstable", pod.at("/status/qosClass").asString());
    assertEquals(
        wire.get("/api/v1/nodes/" + host.nodeName())
            .ok()
            .at("/status/addresses/0/address")
            .asString(),
        pod.at("/status/hostIP").asString());
    String path = ScriptPods.PODS + "/" + name;
    wire.merge(path, "{\"metadata\":{\"labels\":{\"time\":\"value\"}}}").ok();
    assertEquals(
        1, wire.get(ScriptPods.PODS + "?labelSelector=time%3Dvalue").ok().path("items").size());
    JsonNode patched =
        wire.merge(
                path + "/status",
                "{\"status\":{\"conditions\":[{\"type\":\"example.com/Own\",\"status\":\"True\"}]}}")
            .ok();
    assertTrue(
        patched.at("/status/conditions").toString().contains("example.com/Own"), patched::toString);
    wire.delete(ScriptPods.PODS + "?labelSelector=time%3Dvalue").ok();
    TestHost.waitUntil("the pod is gone", () -> isGone(path));
  }

  @Test
  @Tag("conformance:pod-generation/3")
  void generationsGrow() throws IOException, InterruptedException {
    String name = pods.create("", "command: [sleep, '1000']");
    assertEquals(1, pods.get(name).at("/metadata/generation").asInt());
    String path = ScriptPods.PODS + "/" + name;
    wire.merge(path, "{\"spec\":{\"activeDeadlineSeconds\":600}}").ok();
    assertEquals(2, pods.get(name).at("/metadata/generation").asInt());
    wire.delete(path + "?gracePeriodSeconds=0").ok();
  }

  @Test
  @Tag("conformance:pods/2")
  void aPodMayRunOutOfTime() throws IOException, InterruptedException {
    String name = pods.create("activeDeadlineSeconds: 1000", "command: [sleep, '1000']");
    wire.merge(ScriptPods.PODS + "/" + name, "{\"spec\":{\"activeDeadlineSeconds\":1}}").ok();
    JsonNode pod = pods.await(name, p -> p.at("/status/phase").asString("").equals("Failed"));
    assertEquals("DeadlineExceeded", pod.at("/status/reason").asString());
  }

  @Test
  @Tag("conformance:sysctls/1")
  @Tag("conformance:sysctls/2")
  void kernelSettingsOfThePod() throws IOException, InterruptedException {
    assertEquals(
        "1\n",
        pods.says(
            "securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}]}",
            "command: [cat, /proc/sys/kernel/shm_rmid_forced]"));
    pods.refused(
        "spec.securityContext.sysctls[0].name",
        "securityContext: {sysctls: [{name: 'foo-', value: '1'}]}",
        "");
  }

  @Test
  @Tag("conformance:init-containers/1")
  @Tag("conformance:init-containers/2")
  void initContainersGoFirstOneAfterTheOther() throws IOException, InterruptedException {
    for (String policy : new String[] {"Never", "Always"}) {
      String name =
          pods.createWithPolicy(
              policy,
              """
              volumes: [{name: v, emptyDir: {}}]
              initContainers:
              - {name: one, image: 'default/shell:1', command: [sh, -c, 'echo one >> /v/a'], volumeMounts: [{name: v, mountPath: /v}]}
              - {name: two, image: 'default/shell:1', command: [sh, -c, 'echo two >> /v/a'], volumeMounts: [{name: v, mountPath: /v}]}
              """,
              "command: [sh, -c, 'cat /v/a; sleep 1000']\nvolumeMounts: [{name: v, mountPath: /v}]");
      pods.awaitSaid(name, "one\ntwo\n");
      JsonNode pod = pods.await(name, p -> p.at("/status/phase").asString("").equals("Running"));
      assertEquals(
          0, pod.at("/status/initContainerStatuses/1/state/terminated/exitCode").asInt(-1));
      pods.delete(name);
    }
  }

  @Test
  @Tag("conformance:init-containers/3")
  @Tag("conformance:init-containers/4")
  void aFailedInitContainerKeepsTheOthersFromStarting() throws IOException, InterruptedException {
    String init =
        "initContainers: [{name: one, image: 'default/shell:1', command: [sh, -c, 'exit 1']}]";
    ScriptPods.Ended ended = pods.run(init, "command: [sh, -c, 'echo never']");
    assertEquals("Failed", ended.phase());
    assertTrue(!ended.log().contains("never"), ended.log());
    String name = pods.createWithPolicy("Always", init, "command: [sh, -c, 'echo never']");
    JsonNode pod =
        pods.await(name, p -> p.at("/status/initContainerStatuses/0/restartCount").asInt() >= 1);
    assertEquals("Pending", pod.at("/status/phase").asString());
    assertEquals(
        "PodInitializing", pod.at("/status/containerStatuses/0/state/waiting/reason").asString());
    pods.delete(name);
  }

  @Test
  @Tag("conformance:lifecycle-hooks/1")
  @Tag("conformance:lifecycle-hooks/3")
  @Tag("conformance:lifecycle-hooks/5")
  void hooksRunAtTheBeginningAndTheEnd() throws IOException, InterruptedException {
    String name =
        pods.create(
            "",
            """
            command: [sh, -c, 'until [ -e /began ]; do sleep 0.1; done; echo began; trap "" TERM; until [ -e /ending ]; do sleep 0.1; done; echo ending; sleep 1000']
            lifecycle:
              postStart: {exec: {command: [touch, /began]}}
              preStop: {exec: {command: [sh, -c, 'touch /ending; sleep 1']}}
            """);
    pods.awaitSaid(name, "began");
    wire.delete(ScriptPods.PODS + "/" + name + "?gracePeriodSeconds=20").ok();
    pods.awaitSaid(name, "ending");
    pods.delete(name);
  }

  @Test
  @Tag("conformance:lifecycle-hooks/2")
  @Tag("conformance:lifecycle-hooks/4")
  void hooksMayBeRequests() throws IOException, InterruptedException {
    // A hook is asked once, at once: whoever answers must listen before the container starts.
    String name =
        pods.create(
            """
            initContainers:
            - name: server
              image: default/shell:1
              restartPolicy: Always
              command: [sh, -c, 'mkdir /www; touch /www/begins /www/ends; exec httpd -f -vv -p 8080 -h /www']
              startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            """,
            """
            command: [sleep, '1000']
            lifecycle:
              postStart: {httpGet: {path: /begins, port: 8080}}
              preStop: {httpGet: {path: /ends, port: 8080}}
            """);
    pods.awaitSaid(name, "server", "url:/begins");
    pods.await(name, p -> p.at("/status/phase").asString("").equals("Running"));
    wire.delete(ScriptPods.PODS + "/" + name + "?gracePeriodSeconds=20").ok();
    pods.awaitSaid(name, "server", "url:/ends");
    pods.delete(name);
  }

  @Test
  @Tag("conformance-part:probes/3")
  @Tag("conformance:probes/4")
  @Tag("conformance:probes/7")
  @Tag("conformance:probes/8")
  @Tag("conformance:probes/9")
  @Tag("conformance:probes/10")
  void aProbeThatFailsRestartsOnlyWhenItAsksForLife() throws IOException, InterruptedException {
    String dies =
        pods.createWithPolicy(
            "Always",
            "",
            """
            command: [sh, -c, 'touch /well; sleep 2; rm /well; sleep 1000']
            livenessProbe: {exec: {command: [cat, /well]}, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1}
            """);
    String lives =
        pods.createWithPolicy(
            "Always",
            "",
            """
            command: [sh, -c, 'httpd -f -p 8080']
            livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            readinessProbe: {exec: {command: [cat, /nothing]}, periodSeconds: 1, initialDelaySeconds: 1}
            """);
    pods.await(dies, p -> restarts(p) == 1);
    pods.await(dies, p -> restarts(p) == 2);
    JsonNode pod = pods.get(lives);
    assertEquals(0, restarts(pod));
    assertEquals(false, pod.at("/status/containerStatuses/0/ready").asBoolean(true));
    pods.delete(dies);
    pods.delete(lives);
  }

  @Test
  @Tag("conformance:probes/1")
  @Tag("conformance:probes/5")
  void aRequestTellsWhetherItLives() throws IOException, InterruptedException {
    String server =
        "n=0; while :; do n=$((n+1)); code=200; [ $n -gt LAST ] && code=500;"
            + " printf \"HTTP/1.0 $code X\\r\\nContent-Length: 0\\r\\n\\r\\n\" | nc -l -p 8080 > /dev/null; echo $n; done";
    String fields =
        "command: [sh, -c, '%s']\nlivenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1, failureThreshold: 2}";
    String dies =
        pods.createWithPolicy("Always", "", fields.formatted(server.replace("LAST", "2")));
    String lives =
        pods.createWithPolicy("Always", "", fields.formatted(server.replace("LAST", "999")));
    pods.await(dies, p -> restarts(p) >= 1);
    pods.awaitSaid(lives, "\n4\n");
    assertEquals(0, restarts(pods.get(lives)));
    pods.delete(dies);
    pods.delete(lives);
  }

  private static int restarts(JsonNode pod) {
    return pod.at("/status/containerStatuses/0/restartCount").asInt(0);
  }

  private String message(String containerFields) throws IOException, InterruptedException {
    return pods.run("", containerFields).terminated().path("message").asString("");
  }

  private boolean isGone(String path) {
    try {
      return wire.get(path).code() == 404;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
