package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptServicesTest {
  private static final String LISTING =
      """
      table inet berth {
      	map services {
      		type ipv4_addr . inet_proto . inet_service : verdict
      		elements = { 10.96.0.2 . udp . 53 : goto vip_10_96_0_2_udp_53,
      			     10.96.0.1 . 6 . 80 : goto vip_10_96_0_1_tcp_80,
      			     10.96.0.3 . tcp . 80 : goto vip_10_96_0_3_tcp_80 }
      	}

      	chain vip_10_96_0_1_tcp_80 {
      		meta l4proto 6 dnat ip to 10.244.0.3:8000
      	}

      	chain vip_10_96_0_3_tcp_80 {
      		meta l4proto tcp dnat ip to 10.244.0.1:20001
      	}

      	chain vip_10_96_0_2_udp_53 {
      		meta l4proto udp dnat ip to numgen random mod 2 map { 0 : 10.244.0.2 . 53, 1 : 10.244.0.3 . 53 }
      	}
      }
      """;

  /// A gateway's port may be another endpoint's after the restart.
  @Test
  void servicesOnPodsAreReadBackAndThoseOnTheGatewayAreNot() {
    assertEquals(
        Map.of(
            new Vip("10.96.0.1", "tcp", 80),
            List.of(new Target("10.244.0.3", 8000)),
            new Vip("10.96.0.2", "udp", 53),
            List.of(new Target("10.244.0.2", 53), new Target("10.244.0.3", 53))),
        KeptServices.read(LISTING, "10.244.0.1"));
  }

  @Test
  void aTableOfAnotherShapeKeepsNothing() {
    assertEquals(Map.of(), KeptServices.read("", "10.244.0.1"));
    assertEquals(
        Map.of(),
        KeptServices.read("elements = { 10.96.0.1 . tcp . 80 : goto vip_gone }", "10.244.0.1"));
  }
}
