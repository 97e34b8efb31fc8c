package dev.berth.api.why;

import static dev.berth.api.why.PodCausesTest.diagnosis;
import static dev.berth.api.why.PodCausesTest.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.regex.Pattern;
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
        "PortNotListening | nothing listens on 8080; the container listens on 127.0.0.1:9000, 8000 | set spec.model.port: 8000, or let the server listen on 8080",
        "PortNotListening | nothing listens on 8080; the container listens on no port at all | set spec.model.port to the port that the server listens on, or let the server listen on 8080",
        "PortNotListening | nothing listens on 8080; the container listens on 8000, 8001 | set spec.model.port: 8000 (it also listens on 8001), or let the server listen on 8080",
        "ListensOnLoopback | the container listens on 127.0.0.1:8080 only, which nobody outside of it can reach | let the server listen on 0.0.0.0: by an argument (often --host 0.0.0.0) in spec.model.args, or by the variable that sets its address, in spec.model.env or with ENV in the Dockerfile",
        "ModelNameMismatch | the server does not serve the model digits (GET /v2/models/digits/ready gave 404); it serves mnist, other | set spec.endpoint.modelName to one of mnist, other",
        "ModelNameMismatch | the server does not serve the model digits (404); it serves mnist | set spec.endpoint.modelName: mnist",
        "ModelNameMismatch | the server does not serve the model digits (404); it does not say which ones it serves | set spec.endpoint.modelName to the name that the server uses",
        "ProtocolMismatch | declared is open-inference, but GET /v2 gave 404; GET /v1/models gave a model list: looks like openai | set spec.endpoint.protocol: openai",
        "ProtocolMismatch | declared is openai, but GET /v1/models gave 404; it answers HTTP, but in neither protocol | set spec.endpoint.protocol: http, or let the server speak what is declared",
        "ImageNotFound | image digts:1: not in this cluster's default/digts; nearest: digits-model:1, digits-app:1 | set spec.model.image: digits-model:1",
        "ImageNotFound | image x: not in this cluster | name an image that exists in spec.model.image, or make it with berth build -t x",
        "SecretKeyNotFound | Secret s has no key pasword; it has password, user | write the key password instead of pasword, or correct the reference in spec.model.env",
        "SecretNotFound | Secret s is not in namespace default | create it, or correct the reference in spec.model.env",
        "OutOfMemory | the container ran out of memory: its limit is 64 MiB, it had used 64 MiB | set spec.model.resources.limits.memory: 128Mi (now 64Mi), and double it again if that is not enough, or let the program use less",
        "InterpreterMissing | /run.sh begins with #!/bin/bash and a carriage return (Windows line ends), so that no interpreter is found | save the script with Unix line ends (RUN sed -i 's/\\r$//' FILE in the Dockerfile)",
        "InterpreterMissing | /serve needs the loader /lib64/ld-linux-x86-64.so.2, which is not in the image | use a base image with the C library that the program was built for (glibc or musl), or link it statically",
        "StartFailed | container model must not run as root (securityContext.runAsNonRoot), and the image runs as root | set spec.model.podTemplate.containers[0].securityContext.runAsUser to a user other than 0, or USER in the Dockerfile",
        "HangsBeforeListening | running for 40 s, and it listens nowhere | see in its log what it waits for; if it only needs longer, raise spec.model.health.startupTimeout"
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
        "0/0 nodes are available: no node has registered; start an agent | start an agent: sudo berth up, or berth agent",
        "0/1 node is available: the pod asks for 64 cpu and 128 MiB memory, more than any node has; the largest node, a, has 2 cpu and 23 GiB memory allocatable | ask for less in spec.model.resources.requests.cpu (now 64; the largest node has 2), or add a node",
        "0/1 node is available: the pod asks for 1 cpu and 64 GiB memory, more than any node has; the largest node, a, has 99 cpu and 23 GiB memory allocatable | ask for less in spec.model.resources.requests.memory (now 64Gi; the largest node has 23 GiB), or add a node",
        "0/1 node is available: a has Insufficient cpu (64 asked for, 1.9 of 2 free) | ask for less in spec.model.resources.requests.cpu (now 64), or add a node",
        "0/2 nodes are available: no node has the label gpu=yes (b has gpu=no), which the pod's nodeSelector asks for | correct spec.model.podTemplate.nodeSelector, or label a node with what it asks for",
        "0/1 node is available: a has untolerated taint x | remove the taint from a node, or tolerate it in spec.model.podTemplate.tolerations",
        "0/1 node is available: a has DiskPressure (1.2 GiB of 64 GiB free) | free what the node is short of, or add a node",
        "node nowhere does not exist; the nodes are: a, b | correct spec.model.podTemplate.nodeName, or remove it so that a node is chosen"
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
        "2 | COPY bx /box | bx: no such file in the build context; nearest: box | correct COPY bx /box in Dockerfile:2 (nearest: box), or .dockerignore if it hides it, then run berth apply -f again",
        "1 | FROM bx:1 | image bx:1: not in this cluster; nearest: box:1 | correct FROM bx:1 in Dockerfile:1 (nearest: box:1), then run berth apply -f again",
        "3 | RUN make | the command exited with 2 | correct RUN make in Dockerfile:3, then run berth apply -f again",
        "0 | `` | the build context sha256:1 is not in default/x: run berth apply -f again | run berth apply -f again: it sends the context"
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
