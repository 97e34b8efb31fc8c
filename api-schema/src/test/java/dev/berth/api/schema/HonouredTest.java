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
        "{volumes: [{name: a}]} | spec.volumes",
        "{initContainers: [{name: a}]} | spec.initContainers",
        "{runtimeClassName: kata} | spec.runtimeClassName",
        "{securityContext: {fsGroup: 1}} | spec.securityContext.fsGroup",
        "{securityContext: {runAsUser: 1}} | spec.securityContext.runAsUser",
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
        "{securityContext: {seccompProfile: {type: Unconfined}}} | spec.containers[0].securityContext.seccompProfile",
        "{securityContext: {runAsUser: -1}} | spec.containers[0].securityContext.runAsUser",
        "{securityContext: {runAsGroup: 3000000000}} | spec.containers[0].securityContext.runAsGroup",
        "{securityContext: {runAsNonRoot: true, runAsUser: 0}} | spec.containers[0].securityContext.runAsUser",
        "{securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN]}}} | spec.containers[0].securityContext.capabilities.add[1]",
        "{securityContext: {capabilities: {add: [ALL]}}} | spec.containers[0].securityContext.capabilities.add[0]",
        "{securityContext: {capabilities: {add: [NET_RAW]}}} | spec.containers[0].securityContext.capabilities.add[0]",
        "{securityContext: {capabilities: {drop: [SETIUD]}}} | spec.containers[0].securityContext.capabilities.drop[0]",
        "{securityContext: {allowPrivilegeEscalation: true}} | spec.containers[0].securityContext.allowPrivilegeEscalation",
        "{env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]} | spec.containers[0].env[0].valueFrom.resourceFieldRef",
        "{volumeMounts: [{name: a}]} | spec.containers[0].volumeMounts",
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
        pod("{priorityClassName: high, dnsPolicy: Default, hostNetwork: false, volumes: []}");
    assertEquals(List.of(), said.errors());
    assertEquals(
        List.of(
            "spec.priorityClassName: stored, but not honoured yet",
            "spec.dnsPolicy: stored, but not honoured yet"),
        said.warnings());
    assertEquals(1, container("{tty: true, stdin: false}").warnings().size());
    assertEquals(
        List.of(
            "spec.containers[0].resources.limits[ephemeral-storage]: stored, but not honoured yet"),
        container("{resources: {limits: {memory: 1Gi, ephemeral-storage: 1Gi}}}").warnings());
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
        "{securityContext: {allowPrivilegeEscalation: false, privileged: false, procMount: Default}}",
        "{securityContext: {runAsNonRoot: false, readOnlyRootFilesystem: false, capabilities: {}}}",
        "{securityContext: {seccompProfile: {type: RuntimeDefault}}}",
        "{securityContext: {runAsUser: 1000, runAsGroup: 0, runAsNonRoot: true}}",
        "{securityContext: {runAsUser: 0, readOnlyRootFilesystem: true}}",
        "{securityContext: {capabilities: {drop: [ALL, NET_RAW], add: [CAP_CHOWN, NET_BIND_SERVICE]}}}",
        "{imagePullPolicy: Always}",
        "{terminationMessagePolicy: FallbackToLogsOnError}"
      })
  void whatBerthDoesAnywayPasses(String fields) {
    assertEquals(new Honoured(List.of(), List.of()), container(fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{privileged: true} | privileged: Forbidden: is not honoured yet and would change isolation or data: remove it; a root container has the usual capabilities anyway",
        "{allowPrivilegeEscalation: true} | allowPrivilegeEscalation: Forbidden: is not honoured yet and would change isolation or data: set it to false, which holds for every container here",
        "{capabilities: {add: [SYS_ADMIN]}} | capabilities.add[0]: Forbidden: SYS_ADMIN is more than a container may have here: remove it; there are AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT",
        "{capabilities: {add: [CHWON]}} | capabilities.add[0]: Invalid value: \"CHWON\": is not a capability of Linux; did you mean \"CHOWN\"?",
        "{runAsNonRoot: true, runAsUser: 0} | runAsUser: Invalid value: 0: is root, and runAsNonRoot is true: set another user"
      })
  void refusalNamesTheFix(String context, String expected) {
    assertEquals(
        "spec.containers[0].securityContext." + expected,
        container("{securityContext: " + context + "}").errors().getFirst().toString());
  }

  @Test
  void thePodsOwnContextPointsAtTheContainers() {
    assertEquals(
        "spec.securityContext.runAsUser: Forbidden: is not honoured yet and would change isolation or data: set it in the container's securityContext",
        pod("{securityContext: {runAsUser: 1000}}").errors().getFirst().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "imagePullPolicy: Never, imagePullPolicy",
    "terminationMessagePath: /why, terminationMessagePath"
  })
  void valuesThatTheAgentDoesNotActOnAreSaid(String field, String name) {
    Honoured said = container("{" + field + "}");
    assertEquals(List.of(), said.errors());
    assertEquals(
        List.of("spec.containers[0]." + name + ": stored, but not honoured yet"), said.warnings());
  }
}
