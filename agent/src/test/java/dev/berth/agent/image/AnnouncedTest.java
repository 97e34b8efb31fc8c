package dev.berth.agent.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnnouncedTest {
  private static final InputStream ENDLESS =
      new InputStream() {
        @Override
        public int read() {
          return 'x';
        }

        @Override
        public int read(byte[] into, int offset, int length) {
          Arrays.fill(into, offset, offset + length, (byte) 'x');
          return length;
        }
      };

  @Test
  void aBlobWithoutEndEndsWhereItWasToEnd() {
    AtomicLong passed = new AtomicLong();
    InputStream blob = new Announced(ENDLESS, 20_000, passed::addAndGet);
    IOException e =
        assertThrows(IOException.class, () -> blob.transferTo(OutputStream.nullOutputStream()));
    assertEquals(
        "layer digest mismatch: it is longer than the 20000 bytes that the manifest says",
        e.getMessage());
    assertEquals(0, Math.max(0, passed.get() - 20_000));
  }

  @Test
  void oneOfItsSizeIsWhole() throws IOException {
    byte[] blob = {1, 2, 3};
    AtomicLong passed = new AtomicLong();
    assertArrayEquals(
        blob, new Announced(new ByteArrayInputStream(blob), 3, passed::addAndGet).readAllBytes());
    assertEquals(3, passed.get());
  }
}
