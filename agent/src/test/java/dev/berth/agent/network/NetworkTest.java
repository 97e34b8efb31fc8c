package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Vip VIP = new Vip("10.96.0.11", "TCP", 80);

  @Test
  void theSameStateNeedsNoChange() {
    Map<Vip, List<Target>> state = Map.of(VIP, List.of(new Target("10.244.0.2", 8000)));
    assertEquals("", Ruleset.difference(state, state));
  }

  @Test
  void aNewTargetReplacesOnlyItsOwnChain() {
    String change =
        Ruleset.difference(
            Map.of(VIP, List.of(new Target("10.244.0.2", 8000))),
            Map.of(VIP, List.of(new Target("10.244.0.2", 8000), new Target("10.244.0.3", 8000))));
    assertTrue(
        change.contains(
            "numgen random mod 2 map { 0 : 10.244.0.2 . 8000, 1 : 10.244.0.3 . 8000 }"));
    assertTrue(!change.contains("add element"));
  }

  @Test
  void aServiceWithoutTargetsHasNoEntry() {
    String change =
        Ruleset.difference(
            Map.of(VIP, List.of(new Target("10.244.0.2", 8000))), Map.of(VIP, List.of()));
    assertTrue(
        change.startsWith(
            "delete element inet berth services { 10.96.0.11 . tcp . 80 }\ndelete chain"));
  }

  /// Its endpoints may be addresses that no pod reaches.
  @Test
  void theApiServersServiceLeadsToThisHost() {
    ServiceTable table =
        ServiceTable.compute(
            List.of(
                Json.parseObject(
                    """
                    {"metadata": {"name": "kubernetes", "namespace": "default"},
                     "spec": {"clusterIP": "10.96.0.1", "ports": [{"name": "https", "port": 443}]}}
                    """)),
            List.of(
                Json.parseObject(
                    """
                    {"metadata": {"name": "kubernetes", "namespace": "default",
                                  "labels": {"kubernetes.io/service-name": "kubernetes"}},
                     "endpoints": [{"addresses": ["127.0.0.1"]}],
                     "ports": [{"name": "https", "port": 6443}]}
                    """)),
            List.of(),
            key ->
                key.equals("default/kubernetes")
                    ? Optional.of(new Target("10.244.0.1", 33_333))
                    : Optional.empty());
    assertEquals(
        Map.of(new Vip("10.96.0.1", "TCP", 443), List.of(new Target("10.244.0.1", 33_333))),
        table.vips());
    assertEquals(List.of("10.96.0.1"), table.names().get("kubernetes.default"));
  }

  @Test
  void addressesAreGivenOnceAndRestBeforeTheyComeBack() {
    Addresses addresses = new Addresses(Cidr.parse("10.1.2.0/29"));
    assertEquals(Optional.of("10.1.2.2"), addresses.take());
    assertEquals(Optional.of("10.1.2.3"), addresses.take());
    addresses.release("10.1.2.2");
    assertEquals(
        List.of("10.1.2.4", "10.1.2.5", "10.1.2.6", "10.1.2.2"),
        List.of(1, 2, 3, 4).stream().map(_ -> addresses.take().orElse("")).toList());
    assertEquals(Optional.empty(), addresses.take());
  }

  @Test
  void routesOfTheHostAreReadAndCompared() {
    HostRoutes routes =
        HostRoutes.parse(
            List.of(
                "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask",
                "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"));
    assertEquals(
        "192.0.2.0/24",
        routes.overlap(Cidr.parse("192.0.0.0/16")).orElseThrow().destination().toString());
    assertEquals(Optional.empty(), routes.overlap(Cidr.parse("10.244.0.0/16")));
  }

  static byte[] question(String name, int type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    for (String label : name.split("\\.", -1)) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
    return out.toByteArray();
  }

  private final DnsZone zone =
      new DnsZone(
          () -> new ServiceTable(Map.of(), Map.of("web.shop", List.of("10.96.0.11")), List.of()));

  @Test
  void aServiceNameHasItsAddress() {
    byte[] answer = zone.answer(question("web.Shop.svc.cluster.local", 1)).orElseThrow();
    assertEquals(0, answer[3] & 0x0f);
    assertArrayEquals(
        new byte[] {10, 96, 0, 11}, Arrays.copyOfRange(answer, answer.length - 4, answer.length));
  }

  @Test
  void anUnknownNameOfOursIsRefusedAtOnceAndOthersAreNotOurs() {
    assertEquals(
        3, zone.answer(question("nope.shop.svc.cluster.local", 1)).orElseThrow()[3] & 0x0f);
    assertEquals(0, zone.answer(question("web.shop.svc.cluster.local", 28)).orElseThrow()[7]);
    assertEquals(Optional.empty(), zone.answer(question("example.org", 1)));
    assertEquals(Optional.empty(), zone.answer(new byte[] {1, 2, 3}));
  }

  /// An agent that has just started would say of every service that it does not exist.
  @Test
  void whileNothingIsKnownOneIsToAskAgain() {
    DnsZone starting = new DnsZone(() -> ServiceTable.EMPTY);
    byte[] answer = starting.answer(question("web.shop.svc.cluster.local", 1)).orElseThrow();
    assertEquals(2, answer[3] & 0x0f);
  }
}
