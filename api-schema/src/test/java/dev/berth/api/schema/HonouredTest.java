package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class HonouredTest {

  private static Honoured pod(String spec) {
    ObjectNode pod = Samples.pod();
    Samples.yaml(spec)
        .properties()
        .forEach(e -> Json.ensure(pod, "spec").set(e.getKey(), e.getValue()));
    return Honoured.check(pod);
  }

  private static Honoured container(String fields) {
    ObjectNode pod = Samples.pod();
    Samples.yaml(fields)
        .properties()
        .forEach(
            e ->
                ((ObjectNode) Json.at(pod, "spec", "containers").path(0))
                    .set(e.getKey(), e.getValue()));
    return Honoured.check(pod);
  }

  @Test
  void whatKubernetesFillsInSaysNothing() {
    for (ObjectNode object : List.of(Samples.pod(), Samples.deployment())) {
      Schemas.of(GroupVersionKind.of(object)).orElseThrow().applyDefaults(object);
      assertEquals(new Honoured(List.of(), List.of()), Honoured.check(object));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{hostNetwork: true} | spec.hostNetwork",
        "{hostUsers: false} | spec.hostUsers",
        "{volumes: [{name: a, hostPath: {path: /}}]} | spec.volumes[0].hostPath",
        "{volumes: [{name: a, ephemeral: {}}]} | spec.volumes[0].ephemeral",
        "{volumes: [{name: a, emptyDir: {medium: HugePages}}]} | spec.volumes[0].emptyDir.medium",
        "{volumes: [{name: a, projected: {sources: [{clusterTrustBundle: {path: a}}]}}]} |"
            + " spec.volumes[0].projected.sources[0].clusterTrustBundle",
        "{initContainers: [{name: a, securityContext: {privileged: true}}]} |"
            + " spec.initContainers[0].securityContext.privileged",
        "{runtimeClassName: kata} | spec.runtimeClassName",
        "{securityContext: {fsGroup: -1}} | spec.securityContext.fsGroup",
        "{securityContext: {supplementalGroups: [1, 3000000000]}} |"
            + " spec.securityContext.supplementalGroups[1]",
        "{securityContext: {sysctls: [{name: kernel.shm_rmid_forced}, {name: vm.swap}]}} |"
            + " spec.securityContext.sysctls[1].name",
        "{shareProcessNamespace: true} | spec.shareProcessNamespace"
      })
  void isolationAndDataAreRefused(String spec, String path) {
    assertEquals(
        path, pod(spec).errors().stream().map(FieldError::field).collect(Collectors.joining()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{securityContext: {privileged: true}} | spec.containers[0].securityContext.privileged",
        "{securityContext: {seccompProfile: {type: Unconfined}}} |"
            + " spec.containers[0].securityContext.seccompProfile",
        "{securityContext: {runAsUser: -1}} | spec.containers[0].securityContext.runAsUser",
        "{securityContext: {runAsGroup: 3000000000}} |"
            + " spec.containers[0].securityContext.runAsGroup",
        "{securityContext: {runAsNonRoot: true, runAsUser: 0}} |"
            + " spec.containers[0].securityContext.runAsUser",
        "{securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN]}}} |"
            + " spec.containers[0].securityContext.capabilities.add[1]",
        "{securityContext: {capabilities: {add: [ALL]}}} |"
            + " spec.containers[0].securityContext.capabilities.add[0]",
        "{securityContext: {capabilities: {add: [NET_RAW]}}} |"
            + " spec.containers[0].securityContext.capabilities.add[0]",
        "{securityContext: {capabilities: {drop: [SETIUD]}}} |"
            + " spec.containers[0].securityContext.capabilities.drop[0]",
        "{securityContext: {allowPrivilegeEscalation: true}} |"
            + " spec.containers[0].securityContext.allowPrivilegeEscalation",
        "{volumeMounts: [{name: a, mountPath: /a, mountPropagation: Bidirectional}]} |"
            + " spec.containers[0].volumeMounts[0].mountPropagation",
        "{volumeDevices: [{name: a, devicePath: /a}]} | spec.containers[0].volumeDevices",
        "{livenessProbe: {grpc: {port: 1}}} | spec.containers[0].livenessProbe.grpc",
        "{ports: [{containerPort: 1, hostPort: 2}]} | spec.containers[0].ports[0].hostPort"
      })
  void containersAreLookedIntoToo(String fields, String path) {
    assertEquals(
        path,
        container(fields).errors().stream().map(FieldError::field).collect(Collectors.joining()));
  }

  @Test
  void theRestIsSaid() {
    Honoured said =
        pod("{schedulerName: mine, dnsPolicy: Default, hostNetwork: false, volumes: []}");
    assertEquals(List.of(), said.errors());
    assertEquals(
        List.of(
            "spec.schedulerName: stored, but not honoured yet",
            "spec.dnsPolicy: stored, but not honoured yet"),
        said.warnings());
    assertEquals(1, container("{imagePullPolicy: Never, stdin: false}").warnings().size());
    assertEquals(
        List.of(
            "spec.containers[0].resources.requests[ephemeral-storage]: stored, but not honoured"
                + " yet"),
        container("{resources: {requests: {memory: 1Gi, ephemeral-storage: 1Gi}}}").warnings());
  }

  @Test
  void pathsOfTemplatesAreThoseOfTheWorkload() {
    ObjectNode deployment = Samples.deployment();
    Json.ensure(deployment, "spec", "template", "spec").put("hostPID", true);
    assertEquals(
        "spec.template.spec.hostPID", Honoured.check(deployment).errors().getFirst().field());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{securityContext: {}}",
        "{securityContext: {allowPrivilegeEscalation: false, privileged: false, procMount:"
            + " Default}}",
        "{securityContext: {runAsNonRoot: false, readOnlyRootFilesystem: false, capabilities: {}}}",
        "{securityContext: {seccompProfile: {type: RuntimeDefault}}}",
        "{securityContext: {runAsUser: 1000, runAsGroup: 0, runAsNonRoot: true}}",
        "{securityContext: {runAsUser: 0, readOnlyRootFilesystem: true}}",
        "{securityContext: {capabilities: {drop: [ALL, NET_RAW], add: [CAP_CHOWN,"
            + " NET_BIND_SERVICE]}}}",
        "{imagePullPolicy: Always}",
        "{resources: {limits: {ephemeral-storage: 1Gi}}}",
        "{resources: {limits: {ephemeral-storage: 1Gi}, requests: {ephemeral-storage: 1Gi}}}",
        "{terminationMessagePolicy: FallbackToLogsOnError}"
      })
  void whatBerthDoesAnywayPasses(String fields) {
    assertEquals(new Honoured(List.of(), List.of()), container(fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{privileged: true} | privileged: Forbidden: is not honoured yet and would change isolation"
            + " or data: remove it; a root container has the usual capabilities anyway",
        "{allowPrivilegeEscalation: true} | allowPrivilegeEscalation: Forbidden: is not honoured"
            + " yet and would change isolation or data: set it to false, which holds for every"
            + " container here",
        "{capabilities: {add: [SYS_ADMIN]}} | capabilities.add[0]: Forbidden: SYS_ADMIN is more"
            + " than a container may have here: remove it; there are AUDIT_WRITE, CHOWN,"
            + " DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID,"
            + " SETPCAP, SETUID, SYS_CHROOT",
        "{capabilities: {add: [CHWON]}} | capabilities.add[0]: Invalid value: \"CHWON\": is not a"
            + " capability of Linux; did you mean \"CHOWN\"?",
        "{runAsNonRoot: true, runAsUser: 0} | runAsUser: Invalid value: 0: is root, and"
            + " runAsNonRoot is true: set another user"
      })
  void refusalNamesTheFix(String context, String expected) {
    assertEquals(
        "spec.containers[0].securityContext." + expected,
        container("{securityContext: " + context + "}").errors().getFirst().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{securityContext: {runAsUser: 1000, runAsGroup: 1, runAsNonRoot: true, fsGroup: 2,"
            + " supplementalGroups: [3]}}",
        "{securityContext: {fsGroup: 2, fsGroupChangePolicy: OnRootMismatch}}",
        "{securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: \"1\"}]}}",
        "{hostAliases: [{ip: 10.0.0.1, hostnames: [a.example]}]}",
        "{initContainers: [{name: a, image: i, restartPolicy: Always, terminationMessagePath:"
            + " /a}]}",
        "{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {medium: Memory, sizeLimit:"
            + " 1Mi}}]}",
        "{volumes: [{name: a, configMap: {name: c, defaultMode: 256, optional: true, items: [{key:"
            + " k, path: p, mode: 256}]}}]}",
        "{volumes: [{name: a, secret: {secretName: c, optional: true}}]}",
        "{volumes: [{name: a, downwardAPI: {items: [{path: p, fieldRef: {fieldPath:"
            + " metadata.name}}]}}]}",
        "{volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: t}}, {secret:"
            + " {name: s}}]}}]}"
      })
  void volumesAndThePodsOwnContextAct(String spec) {
    assertEquals(new Honoured(List.of(), List.of()), pod(spec));
  }

  @Test
  void aLimitOnTheDiskHoldsAndStandardInputIsThere() {
    assertEquals(List.of(), pod("{volumes: [{name: a, emptyDir: {sizeLimit: 1Gi}}]}").warnings());
    assertEquals(List.of(), container("{stdin: true, stdinOnce: true, tty: true}").warnings());
  }

  @Test
  void anotherKindOfVolumeIsToldWhichThereAre() {
    assertEquals(
        "spec.volumes[0].persistentVolumeClaim: Forbidden: is not honoured yet and would change"
            + " isolation or data: Berth has emptyDir, configMap, secret, downwardAPI and projected"
            + " volumes",
        pod("{volumes: [{name: a, persistentVolumeClaim: {claimName: c}}]}")
            .errors()
            .getFirst()
            .toString());
  }

  @ParameterizedTest
  @CsvSource({
    "imagePullPolicy: Never, imagePullPolicy",
    "restartPolicyRules: [{}], restartPolicyRules"
  })
  void valuesThatTheAgentDoesNotActOnAreSaid(String field, String name) {
    Honoured said = container("{" + field + "}");
    assertEquals(List.of(), said.errors());
    assertEquals(
        List.of("spec.containers[0]." + name + ": stored, but not honoured yet"), said.warnings());
  }

  @Test
  void thatProbesAndHooksAskThePodAloneIsSaid() {
    assertEquals(
        List.of("spec.containers[0].livenessProbe.httpGet.host: stored, but not honoured yet"),
        container("{livenessProbe: {httpGet: {port: 1, host: other}}}").warnings());
    assertEquals(
        List.of(
            "spec.containers[0].lifecycle.preStop.tcpSocket.host: stored, but not honoured yet"),
        container("{lifecycle: {preStop: {tcpSocket: {port: 1, host: other}}}}").warnings());
  }
}
