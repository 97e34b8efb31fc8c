package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Reason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue";

  private static Outcome refused(String... rows) {
    List<String> lines = new java.util.ArrayList<>(List.of(HEAD));
    lines.addAll(List.of(rows));
    return Sockets.refused(Sockets.parse(lines.stream()), 8080);
  }

  @Test
  void nothingListens() {
    Outcome o = refused("   0: 00000000:1F90 0200000A:8F3A 01 00000000:00000000");
    assertEquals(Optional.of(Reason.HANGS_BEFORE_LISTENING), o.reason());
    assertEquals("nothing listens on 8080; the container listens on no port at all", o.message());
  }

  @Test
  void anotherPort() {
    Outcome o = refused("   0: 00000000:1F40 00000000:0000 0A 00000000:00000000");
    assertEquals(Optional.of(Reason.PORT_NOT_LISTENING), o.reason());
    assertEquals("nothing listens on 8080; the container listens on 8000", o.message());
  }

  @Test
  void loopbackOfBothFamilies() {
    Outcome o =
        refused(
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000",
            "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A"
                + " 0:0");
    assertEquals(Optional.of(Reason.LISTENS_ON_LOOPBACK), o.reason());
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
    assertEquals(Optional.of(Reason.LISTENS_ON_LOOPBACK), o.reason());
  }

  @Test
  void aWildcardThatRefusesIpv4() {
    Outcome o =
        refused(
            "   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A"
                + " 0:0");
    assertEquals(Optional.of(Reason.LISTENS_ON_IPV6_ONLY), o.reason());
  }

  /// Two million sockets cost a container nothing, and must not cost us more.
  @Test
  void veryManySocketsAreNotReadToTheirEnd() {
    AtomicInteger read = new AtomicInteger();
    Stream<String> rows =
        IntStream.iterate(1, i -> i + 1)
            .peek(_ -> read.incrementAndGet())
            .mapToObj(i -> "   0: %08X:%04X 00000000:0000 0A".formatted(i, i % 65_536));
    List<Sockets.Listener> found = Sockets.parse(Stream.concat(Stream.of(HEAD), rows));
    assertEquals(10_000, found.size());
    assertTrue(read.get() < 101_000, read::toString);
    assertTrue(Sockets.refused(found, 70_000).message().endsWith(", 20 and more"));
  }
}
