package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.diagnosis.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue";

  private static Outcome refused(String... rows) {
    List<String> lines = new java.util.ArrayList<>(List.of(HEAD));
    lines.addAll(List.of(rows));
    return Sockets.refused(Sockets.parse(lines), 8080);
  }

  @Test
  void nothingListens() {
    Outcome o = refused("   0: 00000000:1F90 0200000A:8F3A 01 00000000:00000000");
    assertEquals(Reason.HANGS_BEFORE_LISTENING, o.reason());
    assertEquals("nothing listens on 8080; the container listens on no port at all", o.message());
  }

  @Test
  void anotherPort() {
    Outcome o = refused("   0: 00000000:1F40 00000000:0000 0A 00000000:00000000");
    assertEquals(Reason.PORT_NOT_LISTENING, o.reason());
    assertEquals("nothing listens on 8080; the container listens on 8000", o.message());
  }

  @Test
  void loopbackOfBothFamilies() {
    Outcome o =
        refused(
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000",
            "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A"
                + " 0:0");
    assertEquals(Reason.LISTENS_ON_LOOPBACK, o.reason());
    assertEquals(
        "the container listens on 127.0.0.1:8080, [::1]:8080 only, which nobody outside of it can"
            + " reach",
        o.message());
  }

  @Test
  void aMappedLoopbackIsOneOfIpv4() {
    Outcome o =
        refused(
            "   1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A"
                + " 0:0");
    assertEquals(Reason.LISTENS_ON_LOOPBACK, o.reason());
  }

  @Test
  void aWildcardThatRefusesIpv4() {
    Outcome o =
        refused(
            "   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A"
                + " 0:0");
    assertEquals(Reason.LISTENS_ON_IPV6_ONLY, o.reason());
  }
}
