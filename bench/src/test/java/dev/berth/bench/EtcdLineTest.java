package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EtcdLineTest {
  @Test
  void aFieldHasItsNumberItsLengthAndItsBytes() {
    assertArrayEquals(new byte[] {0x12, 2, 7, 8}, EtcdLine.field(2, new byte[] {7, 8}));
    byte[] longer = EtcdLine.field(1, new byte[300]);
    assertEquals(303, longer.length);
    assertArrayEquals(
        new byte[] {0x0a, (byte) 0xac, 2}, new byte[] {longer[0], longer[1], longer[2]});
  }

  @Test
  void eventsAreCountedAmongOtherFields() {
    byte[] header = EtcdLine.field(1, new byte[] {8, 1});
    byte[] id = {0x10, 5};
    byte[] event = EtcdLine.field(11, new byte[200]);
    byte[] answer = EtcdLine.joined(EtcdLine.joined(header, id), EtcdLine.joined(event, event));

    assertEquals(2, EtcdLine.events(answer));
    assertEquals(0, EtcdLine.events(EtcdLine.joined(header, id)));
  }
}
