package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ServiceVariablesTest {
  private static ObjectNode service(String namespace, String name, String spec) {
    return Json.parseObject(
        "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},\"spec\":%s}"
            .formatted(name, namespace, spec));
  }

  private static final ObjectNode REDIS =
      service(
          "shop",
          "redis-primary",
          "{\"clusterIP\":\"10.0.0.11\",\"ports\":[{\"port\":6379,\"protocol\":\"TCP\"},"
              + "{\"name\":\"gossip-in\",\"port\":7000,\"protocol\":\"UDP\"}]}");
  private static final ObjectNode API =
      service("default", "kubernetes", "{\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":443}]}");
  private static final ObjectNode HEADLESS =
      service("shop", "db", "{\"clusterIP\":\"None\",\"ports\":[{\"port\":1}]}");
  private static final ObjectNode ELSEWHERE =
      service("other", "web", "{\"clusterIP\":\"10.0.0.12\",\"ports\":[{\"port\":80}]}");

  private static Map<String, String> of(String spec) {
    ObjectNode pod =
        Json.parseObject(
            "{\"metadata\":{\"name\":\"p\",\"namespace\":\"shop\"},\"spec\":" + spec + "}");
    return ServiceVariables.of(List.of(REDIS, API, HEADLESS, ELSEWHERE), pod);
  }

  /// The example of Kubernetes' documentation, with a second port that has a name.
  @Test
  void servicesOfTheNamespaceAreTold() {
    Map<String, String> all = of("{}");
    all.keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
    assertEquals(
        Map.ofEntries(
            Map.entry("REDIS_PRIMARY_SERVICE_HOST", "10.0.0.11"),
            Map.entry("REDIS_PRIMARY_SERVICE_PORT", "6379"),
            Map.entry("REDIS_PRIMARY_SERVICE_PORT_GOSSIP_IN", "7000"),
            Map.entry("REDIS_PRIMARY_PORT", "tcp://10.0.0.11:6379"),
            Map.entry("REDIS_PRIMARY_PORT_6379_TCP", "tcp://10.0.0.11:6379"),
            Map.entry("REDIS_PRIMARY_PORT_6379_TCP_PROTO", "tcp"),
            Map.entry("REDIS_PRIMARY_PORT_6379_TCP_PORT", "6379"),
            Map.entry("REDIS_PRIMARY_PORT_6379_TCP_ADDR", "10.0.0.11"),
            Map.entry("REDIS_PRIMARY_PORT_7000_UDP", "udp://10.0.0.11:7000"),
            Map.entry("REDIS_PRIMARY_PORT_7000_UDP_PROTO", "udp"),
            Map.entry("REDIS_PRIMARY_PORT_7000_UDP_PORT", "7000"),
            Map.entry("REDIS_PRIMARY_PORT_7000_UDP_ADDR", "10.0.0.11")),
        all);
  }

  @Test
  void withoutLinksTheApiServerAloneIsTold() {
    Map<String, String> all = of("{\"enableServiceLinks\":false}");
    assertEquals("10.0.0.1", all.get("KUBERNETES_SERVICE_HOST"));
    assertEquals(7, all.size(), all::toString);
  }
}
