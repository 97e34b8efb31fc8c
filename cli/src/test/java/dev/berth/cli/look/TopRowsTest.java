package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.cli.look.TopRows.Used;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class TopRowsTest {
  private static ObjectNode pod(String name, String labels, String... containers) {
    ObjectNode pod =
        Json.parseObject(
            "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\",\"labels\":%s}}"
                .formatted(name, labels));
    var list = pod.putArray("containers");
    for (String container : containers) {
      String[] words = container.split(" ", -1);
      list.addObject()
          .put("name", words[0])
          .putObject("usage")
          .put("cpu", words[1])
          .put("memory", words[2]);
    }
    return pod;
  }

  private static final List<ObjectNode> PODS =
      List.of(
          pod("a", model(), "m 1500000n 2Mi", "side 20m 1Mi"),
          pod("b", model(), "m 1 1Gi"),
          pod("c", "{}", "c 0 500Ki"));

  private static String model() {
    return "{\"berth.dev/modelapp\":\"digits\",\"berth.dev/component\":\"model\"}";
  }

  @Test
  void nodesAreInPartsOfWhatPodsMayUse() {
    ObjectNode metrics =
        Json.parseObject(
            """
            {"metadata": {"name": "n"}, "usage": {"cpu": "250m", "memory": "1Gi"}}""");
    ObjectNode node =
        Json.parseObject(
            """
            {"metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "2", "memory": "3Gi"}}}
            """);
    assertEquals(
        List.of(new Used(List.of("n"), 250, 1L << 30, List.of("12%", "33%"))),
        TopRows.nodes(List.of(metrics), List.of(node)));
    assertEquals(
        List.of("<unknown>", "<unknown>"),
        TopRows.nodes(List.of(metrics), List.of()).getFirst().more());
  }

  @Test
  void podsAreSumsOfTheirContainers() {
    List<Used> pods = TopRows.pods(PODS, true, false);
    assertEquals(List.of("shop", "a"), pods.getFirst().names());
    assertEquals("22m", pods.getFirst().cpu(), "parts of a thousandth are rounded up each");
    assertEquals("3Mi", pods.getFirst().memory());
    assertEquals(List.of("b", "a", "c"), names(pods.stream().sorted(Used.BY_CPU).toList(), 1));
    assertEquals(List.of("b", "a", "c"), names(pods.stream().sorted(Used.BY_MEMORY).toList(), 1));
    assertEquals(List.of("m", "side", "m", "c"), names(TopRows.pods(PODS, false, true), 1));
  }

  private static List<String> names(List<Used> used, int at) {
    return used.stream().map(u -> u.names().get(at)).toList();
  }

  @Test
  void aModelAppIsTheSumOfItsPods() {
    assertEquals(
        List.of(
            new Used(List.of("digits", "model"), 1022, (1L << 30) + 3 * (1 << 20), List.of("2"))),
        TopRows.apps(PODS, false));
  }
}
