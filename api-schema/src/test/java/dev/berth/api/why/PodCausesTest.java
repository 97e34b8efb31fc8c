package dev.berth.api.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodCausesTest {
  static ObjectNode pod(String containerStatus, String... conditions) {
    return Json.parseObject(
        """
        {"apiVersion":"v1","kind":"Pod",
         "metadata":{"name":"digits-model-r1-x7","namespace":"default",
           "labels":{"berth.dev/modelapp":"digits","berth.dev/component":"model","berth.dev/revision":"r1"}},
         "spec":{"nodeName":"one","restartPolicy":"Always","containers":[{"name":"model","image":"x",
           "ports":[{"containerPort":8080}],"resources":{"limits":{"memory":"64Mi","ephemeral-storage":"16Mi"}}}]},
         "status":{"phase":"Running","containerStatuses":[%s],"conditions":[%s]}}
        """
            .formatted(containerStatus, String.join(",", conditions)));
  }

  static String diagnosis(String reason, String message) {
    return "{\"type\":\"berth.dev/Diagnosis\",\"status\":\"False\",\"reason\":\"%s\",\"message\":\"%s\",\"lastTransitionTime\":\"2026-11-22T21:00:00Z\"}"
        .formatted(reason, message);
  }

  @Test
  void theAgentsWordComesFirst() {
    Cause cause =
        PodCauses.of(
                pod(
                    "{\"state\":{\"running\":{}}}",
                    diagnosis(
                        "PortNotListening",
                        "nothing listens on 8080; the container listens on 8000")),
                "model")
            .orElseThrow();
    assertEquals("PortNotListening", cause.reason());
    assertEquals("pod digits-model-r1-x7", cause.subject());
    assertEquals("set spec.model.port: 8000, or let the server listen on 8080", cause.fix());
    assertEquals("2026-11-22T21:00:00Z", cause.since().orElseThrow().toString());
  }

  @Test
  void anEndOutOfMemoryNamesTheLimitAndTheField() {
    Cause cause =
        PodCauses.of(
                pod(
                    """
                    {"ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
                     "lastState":{"terminated":{"exitCode":137,"signal":9,"reason":"OOMKilled","message":"loading\\nready soon"}}}
                    """),
                "model")
            .orElseThrow();
    assertEquals("OutOfMemory", cause.reason());
    assertEquals(OptionalInt.of(137), cause.exitCode());
    assertEquals(Optional.of("SIGKILL"), cause.signal());
    assertEquals(List.of("loading", "ready soon"), cause.logTail());
    assertEquals(
        "set spec.model.resources.limits.memory: 128Mi (now 64Mi), and double it again if that is not enough, or let the program use less",
        cause.fix());
    assertEquals(Optional.of("berth logs pod/digits-model-r1-x7 --previous"), cause.command());
  }

  @Test
  void aReadyPodHasNoCause() {
    assertTrue(
        PodCauses.of(
                pod(
                    "{\"ready\":true,\"state\":{\"running\":{}},\"lastState\":{\"terminated\":{\"exitCode\":1}}}",
                    "{\"type\":\"Ready\",\"status\":\"True\"}"),
                "model")
            .isEmpty());
  }
}
