package dev.berth.api.why;

import static dev.berth.api.why.PodCausesTest.diagnosis;
import static dev.berth.api.why.PodCausesTest.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

class RemediesTest {
  /// A field, a command, an instruction of a container script or a node to look at.
  private static final Pattern CONCRETE =
      Pattern.compile(
          "spec\\.|berth |resources\\.|RUN |COPY|Dockerfile|image|manifest|create it"
              + "|node one|model right first|host's architecture|find out who");

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasAFixThatNamesWhatToDo(Reason reason) {
    for (String component : new String[] {"model", "app", ""}) {
      Cause cause =
          PodCauses.of(
                  pod("{\"state\":{\"running\":{}}}", diagnosis(reason.text(), "seen")), component)
              .orElseThrow();
      assertEquals(reason.text(), cause.reason());
      assertEquals(reason.layer(), cause.layer());
      assertTrue(CONCRETE.matcher(cause.fix()).find(), cause::fix);
      assertFalse(cause.fix().endsWith("."), cause::fix);
      assertFalse(component.isEmpty() && cause.fix().contains("spec.."), cause::fix);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PortNotListening | nothing listens on 8080; the container listens on 127.0.0.1:9000, 8000"
            + " | set spec.model.port: 8000, or let the server listen on 8080",
        "PortNotListening | nothing listens on 8080; the container listens on no port at all | set"
            + " spec.model.port to the port that the server listens on, or let the server listen on"
            + " 8080",
        "PortNotListening | nothing listens on 8080; the container listens on 8000, 8001 | set"
            + " spec.model.port: 8000 (it also listens on 8001), or let the server listen on 8080",
        "ListensOnLoopback | the container listens on 127.0.0.1:8080 only, which nobody outside of"
            + " it can reach | let the server listen on 0.0.0.0: by an argument (often --host"
            + " 0.0.0.0) in spec.model.args, or by the variable that sets its address, in"
            + " spec.model.env or with ENV in the Dockerfile",
        "ModelNameMismatch | the server does not serve the model digits (GET"
            + " /v2/models/digits/ready gave 404); it serves mnist, other | set"
            + " spec.endpoint.modelName to one of mnist, other",
        "ModelNameMismatch | the server does not serve the model digits (404); it serves mnist |"
            + " set spec.endpoint.modelName: mnist",
        "ModelNameMismatch | the server does not serve the model digits (404); it does not say"
            + " which ones it serves | set spec.endpoint.modelName to the name that the server"
            + " uses",
        "ProtocolMismatch | declared is open-inference, but GET /v2 gave 404; GET /v1/models gave a"
            + " model list: looks like openai | set spec.endpoint.protocol: openai",
        "ProtocolMismatch | declared is openai, but GET /v1/models gave 404; it answers HTTP, but"
            + " in neither protocol | set spec.endpoint.protocol: http, or let the server speak"
            + " what is declared",
        "ImageNotFound | image digts:1: not in this cluster's default/digts; nearest:"
            + " digits-model:1, digits-app:1 | set spec.model.image: digits-model:1",
        "ImageNotFound | image x: not in this cluster | name an image that exists in"
            + " spec.model.image, or make it with berth build -t x DIR",
        "ProtocolMismatch | declared is open-inference, but GET /v2 gave 404; GET /v1/models gave a"
            + " model list: looks like openai; it serves chat | set spec.endpoint.protocol: openai"
            + " and spec.endpoint.modelName: chat",
        "ProtocolMismatch | declared is openai, but GET /v1/models gave 404; GET /v2 gave 200:"
            + " looks like open-inference; it serves openai, other | set spec.endpoint.protocol:"
            + " open-inference and spec.endpoint.modelName to one of openai, other",
        "DiskFull | container model wrote 17 MiB, and its limit of ephemeral-storage is 16 MiB |"
            + " set spec.model.resources.limits.ephemeral-storage: 32Mi (now 16Mi), and double it"
            + " again if that is not enough, or let the container write less",
        "DiskFull | evicted: 15 MiB of 229 MiB available on the disk of /srv/agent, threshold 22"
            + " MiB | free space on the disk of /srv/agent, or delete an app that is not needed:"
            + " berth delete modelapp NAME, or let the container write less",
        "NoSpace | image x:1 does not fit: the disk of /srv/agent is full (40 MiB to pull; 34 MiB"
            + " free) | free space on the disk of /srv/agent, or delete an app that is not needed:"
            + " berth delete modelapp NAME; the pull is tried again by itself",
        "NoSpace | image x:1: write: ENOSPC; /srv/agent has 34 MiB free | free space on the disk of"
            + " /srv/agent, or delete an app that is not needed: berth delete modelapp NAME; the"
            + " pull is tried again by itself",
        "NoSpace | image x:1: write: ENOSPC | free space on the disk of node one, or delete an app"
            + " that is not needed: berth delete modelapp NAME; the pull is tried again by itself",
        "ReadOnlyRoot | Read-only file system | set"
            + " spec.model.podTemplate.containers[0].securityContext.readOnlyRootFilesystem: false,"
            + " or let the program write to /dev/shm",
        "SecretKeyNotFound | Secret s has no key pasword; it has password, user | write the key"
            + " password instead of pasword, or correct the reference in spec.model.env",
        "SecretNotFound | Secret s is not in namespace default | create it, or correct the"
            + " reference in spec.model.env",
        "OutOfMemory | the container ran out of memory: its limit is 64 MiB, it had used 64 MiB |"
            + " set spec.model.resources.limits.memory: 128Mi (now 64Mi), and double it again if"
            + " that is not enough, or let the program use less",
        "InterpreterMissing | /run.sh begins with #!/bin/bash and a carriage return (Windows line"
            + " ends), so that no interpreter is found | save the script with Unix line ends (RUN"
            + " sed -i 's/\\r"
            + "$//' FILE in the Dockerfile)",
        "InterpreterMissing | /serve needs the loader /lib64/ld-linux-x86-64.so.2, which is not in"
            + " the image | use a base image with the C library that the program was built for"
            + " (glibc or musl), or link it statically",
        "StartFailed | container model must not run as root (securityContext.runAsNonRoot), and the"
            + " image runs as root | set"
            + " spec.model.podTemplate.containers[0].securityContext.runAsUser to a user other than"
            + " 0, or USER in the Dockerfile",
        "HangsBeforeListening | running for 40 s, and it listens nowhere | see in its log what it"
            + " waits for; if it only needs longer, raise spec.model.health.startupTimeout"
      })
  void facts(String reason, String message, String fix) {
    ObjectNode pod =
        pod("{\"state\":{\"running\":{}}}", diagnosis(reason, message.replace("\"", "")));
    assertEquals(fix, PodCauses.of(pod, "model").orElseThrow().fix());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ImageNotFound | a.test:5000/x/digits:1 | image a.test:5000/x/digits:1: not there | name an"
            + " image and a tag that exist in spec.model.image | false",
        "ImageNotFound | a.test/digits:1 | image a.test/digits:1: not there; nearest:"
            + " a.test/digits:2 | set spec.model.image: a.test/digits:2 | false",
        "ImageNotFound | docker.io/digits:1 | image docker.io/digits:1: not there | name an image"
            + " that exists in spec.model.image, or make it with berth build -t docker.io/digits:1"
            + " DIR | true",
        "RegistryUnreachable | 127.0.0.1:5009/x/digits:1 | image 127.0.0.1:5009/x/digits:1:"
            + " registry 127.0.0.1:5009 cannot be reached: connection refused | start the registry"
            + " at 127.0.0.1:5009 (nothing listens there), or correct spec.model.image; or put the"
            + " image into the cluster's repository: berth build -t x/digits:1 DIR | false",
        "RegistryUnreachable | a.test:5000/x:1 | image a.test:5000/x:1: registry a.test:5000 cannot be"
            + " reached: it does not speak TLS (https) | put TLS before registry a.test:5000 (Berth"
            + " asks registries of other hosts over https only), or put the image into the cluster's"
            + " repository: berth build -t x:1 DIR | false",
        "RegistryUnreachable | digits | image digits: not here; registry registry-1.docker.io:443"
            + " cannot be reached: its name is not known | check the network from node one to"
            + " registry-1.docker.io:443, or put the image into the cluster's repository: berth"
            + " build -t digits:latest DIR | true",
        "ImagePullFailed | a.test:5000/x:1 | image a.test:5000/x:1: GET /v2/x/manifests/1: the"
            + " registry answered 503 | look at the registry a.test:5000, which has a fault of its"
            + " own; the pull is tried again by itself | false",
        "DigestMismatch | a.test/digits:1 | image a.test/digits:1: digest mismatch | push image"
            + " a.test/digits:1 again: the registry, or a proxy before it, sends other bytes than"
            + " their digest says | false"
      })
  void images(String reason, String image, String message, String fix, boolean listed) {
    ObjectNode pod = pod("{\"state\":{\"waiting\":{}}}", diagnosis(reason, message));
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0)).put("image", image);
    Cause cause = PodCauses.of(pod, "model").orElseThrow();
    assertEquals(fix, cause.fix());
    assertEquals(listed, cause.command().equals(java.util.Optional.of("berth images")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"command\":[\"/bx\"]} | name a program that is in the image in spec.model.command, where"
            + " it comes from, or remove that so that the image's ENTRYPOINT runs",
        "{\"args\":[\"/bx\"]} | correct ENTRYPOINT in the Dockerfile or spec.model.args, where it"
            + " comes from, or name a program that is in the image in spec.model.command",
        "{} | correct ENTRYPOINT or CMD in the Dockerfile, where it comes from, or name a program"
            + " that is in the image in spec.model.command"
      })
  void aMissingCommandIsRepairedWhereItComesFrom(String container, String fix) {
    ObjectNode pod =
        pod(
            "{\"state\":{\"waiting\":{}}}",
            diagnosis("CommandNotFound", "/bx is not in the image"));
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0)).setAll(Json.parseObject(container));
    assertEquals(fix, PodCauses.of(pod, "model").orElseThrow().fix());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SecretNotFound | spec.model.env[TOKEN] names Secret hub (key token), which namespace a"
            + " does not have | write {apiVersion: v1, kind: Secret, metadata: {name: hub,"
            + " namespace: a}, stringData: {token: VALUE}} to a file and run berth apply -f FILE,"
            + " or correct the reference to it",
        "ConfigMapNotFound | spec.model.envFrom names ConfigMap modes, which namespace a does not"
            + " have | write {apiVersion: v1, kind: ConfigMap, metadata: {name: modes, namespace:"
            + " a}, data: {KEY: VALUE}} to a file and run berth apply -f FILE, or correct the"
            + " reference to it",
        "NameTaken | there is Service default/digits-model that is not this ModelApp's | set"
            + " another spec.endpoint.name, or delete it: berth delete service digits-model -n"
            + " default",
        "NameTaken | there is Service prod/web-app that is not this ModelApp's | rename the"
            + " ModelApp, or delete it: berth delete service web-app -n prod",
        "NameTaken | there is a Deployment default/digits-app that is not this ModelApp's | rename"
            + " the ModelApp, or delete it: berth delete deployment digits-app -n default",
        "AmbiguousPort | the image of model exposes the ports [8080, 9090]: say which one with"
            + " spec.model.port | set spec.model.port: 8080 or spec.model.port: 9090",
        "AmbiguousPort | the image of app exposes 8080 and 9090, and spec.app.port is not set | set"
            + " spec.app.port: 8080 or spec.app.port: 9090"
      })
  void specs(String reason, String message, String fix) {
    assertEquals(fix, SpecRemedies.of(reason, message).fix());
  }

  @Test
  void aFullDiskIsNamedWithWhatMayGo() {
    ObjectNode node =
        Json.parseObject(
            """
            {"kind":"Node","metadata":{"name":"one"},"status":{"conditions":[
              {"type":"Ready","status":"True"},
              {"type":"DiskPressure","status":"True","reason":"DiskIsNearlyFull",
               "message":"15 MiB of 229 MiB available on the disk of /srv/agent, threshold 22 MiB"}]}}
            """);
    Cause cause = NodeCauses.of(node).orElseThrow();
    assertEquals(
        "free space on the disk of /srv/agent, or delete an app that is not needed: berth delete"
            + " modelapp NAME",
        cause.fix());
    assertEquals("berth get modelapps -A", cause.command().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0/0 nodes are available: no node has registered; start an agent | start an agent: sudo"
            + " berth up, or berth agent",
        "0/1 node is available: the pod asks for 64 cpu and 128 MiB memory, more than any node has;"
            + " the largest node, a, has 2 cpu and 23 GiB memory allocatable | ask for less in"
            + " spec.model.resources.requests.cpu (now 64; the largest node has 2), or add a node",
        "0/1 node is available: the pod asks for 1 cpu and 64 GiB memory, more than any node has;"
            + " the largest node, a, has 99 cpu and 23 GiB memory allocatable | ask for less in"
            + " spec.model.resources.requests.memory (now 64Gi; the largest node has 23 GiB), or"
            + " add a node",
        "0/1 node is available: a has Insufficient cpu (64 asked for, 1.9 of 2 free) | ask for less"
            + " in spec.model.resources.requests.cpu (now 64), or add a node",
        "0/2 nodes are available: no node has the label gpu=yes (b has gpu=no), which the pod's"
            + " nodeSelector asks for | correct spec.model.podTemplate.nodeSelector, or label a"
            + " node with what it asks for",
        "0/1 node is available: a has untolerated taint x | remove the taint from a node, or"
            + " tolerate it in spec.model.podTemplate.tolerations",
        "0/1 node is available: a has DiskPressure (1.2 GiB of 64 GiB free) | free what the node is"
            + " short of, or add a node",
        "node nowhere does not exist; the nodes are: a, b | correct"
            + " spec.model.podTemplate.nodeName, or remove it so that a node is chosen"
      })
  void placement(String message, String fix) {
    ObjectNode pod =
        pod(
            "",
            "{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":\"Unschedulable\",\"message\":\"%s\"}"
                .formatted(message));
    ObjectNode container = (ObjectNode) Json.at(pod, "spec", "containers").path(0);
    Json.ensure(container, "resources", "requests").put("cpu", "64").put("memory", "64Gi");
    assertEquals(fix, PodCauses.of(pod, "model").orElseThrow().fix());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2 | COPY bx /box | bx: no such file in the build context; nearest: box | correct COPY bx"
            + " /box in Dockerfile:2 (nearest: box), or .dockerignore if it hides it, then run"
            + " berth apply -f again",
        "1 | FROM bx:1 | image bx:1: not in this cluster; nearest: box:1 | correct FROM bx:1 in"
            + " Dockerfile:1 (nearest: box:1), then run berth apply -f again",
        "3 | RUN make | the command exited with 2 | correct RUN make in Dockerfile:3, then run"
            + " berth apply -f again",
        "0 | `` | the build context sha256:1 is not in default/x: run berth apply -f again | run"
            + " berth apply -f again: it sends the context"
      })
  void builds(int line, String instruction, String message, String fix) {
    ObjectNode build =
        Json.parseObject(
            "{\"kind\":\"ImageBuild\",\"metadata\":{\"name\":\"b\"},\"spec\":{},\"status\":{\"phase\":\"Failed\",\"failure\":{}}}");
    Json.ensure(build, "status", "failure")
        .put("line", line)
        .put("instruction", instruction)
        .put("message", message)
        .putArray("lastOutput")
        .add("[1/3] FROM a")
        .add("[3/3] RUN make")
        .add("not cached: never built here")
        .add("make: no rule");
    Cause cause = BuildCauses.of(build).orElseThrow();
    assertEquals(fix, cause.fix());
    assertEquals(java.util.List.of("make: no rule"), cause.logTail());
    assertEquals("berth logs imagebuild/b", cause.command().orElseThrow());
  }
}
