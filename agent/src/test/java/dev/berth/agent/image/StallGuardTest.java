package dev.berth.agent.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StallGuardTest {
  /// Brings one byte, then nothing until it is closed.
  private static final class Silent extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean said;

    @Override
    public int read() throws IOException {
      if (!said) {
        said = true;
        return 7;
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      into[offset] = (byte) read();
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void aStreamThatGoesSilentIsClosed() throws IOException {
    try (InputStream in = new StallGuard(new Silent(), Duration.ofMillis(50))) {
      assertEquals(7, in.read());
      IOException e = assertThrows(IOException.class, in::read);
      assertTrue(String.valueOf(e.getMessage()).startsWith("next to nothing came"), e.getMessage());
    }
  }

  /// A byte now and then, for ever.
  private static final class Dripping extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      try {
        if (!closed.await(1, TimeUnit.MILLISECONDS)) {
          return 7;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      into[offset] = (byte) read();
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void aStreamThatDripsIsClosed() throws IOException {
    try (StallGuard guard = new StallGuard(new Dripping(), Duration.ofMillis(100))) {
      IOException e =
          assertThrows(
              IOException.class, () -> guard.transferTo(java.io.OutputStream.nullOutputStream()));
      assertTrue(String.valueOf(e.getMessage()).startsWith("next to nothing came"), e.toString());
    }
  }

  @Test
  void oneThatBringsBytesIsLeftAlone() throws IOException {
    byte[] bytes = new byte[100_000];
    try (InputStream in = new StallGuard(new ByteArrayInputStream(bytes), Duration.ofSeconds(60))) {
      assertEquals(bytes.length, in.readAllBytes().length);
    }
  }
}
