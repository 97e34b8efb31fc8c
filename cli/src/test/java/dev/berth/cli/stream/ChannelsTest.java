package dev.berth.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelsTest {
  private static final String SEVEN =
      """
      {"status": "Failure", "details": {"causes": [{"reason": "ExitCode", "message": "7"}]}}""";

  private final List<String> calls = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// One whose other end has left: nothing can be sent.
  private final WebSocket left =
      (WebSocket)
          Proxy.newProxyInstance(
              ChannelsTest.class.getClassLoader(),
              new Class<?>[] {WebSocket.class},
              (_, method, _) -> {
                calls.add(method.getName());
                return method.getName().startsWith("send")
                    ? CompletableFuture.failedFuture(new IOException("Output closed"))
                    : null;
              });

  private static ByteBuffer message(int channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
  }

  private Channels channels(OutputStream to) {
    PrintStream printed = new PrintStream(to, false, StandardCharsets.UTF_8);
    Channels channels = new Channels(printed, printed);
    channels.over(left);
    return channels;
  }

  @Test
  void inputThatNobodyHearsEndsTheInputAndNotTheCommand() throws InterruptedException {
    Channels channels = channels(out);
    assertFalse(channels.input(new byte[] {'x'}, 1));
    channels.onBinary(left, message(1, "bye"), true);
    channels.onBinary(left, message(3, SEVEN), true);
    channels.onClose(left, 1000, "");
    assertEquals(7, channels.await());
    assertEquals("bye", out.toString(StandardCharsets.UTF_8));
    assertEquals(1, calls.stream().filter("sendBinary"::equals).count());
  }

  /// As of `berth exec x -- yes | head -1`.
  @Test
  void outputThatNobodyReadsEndsIt() throws InterruptedException {
    Channels channels =
        channels(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    channels.onBinary(left, message(1, "y"), true);
    assertEquals(Channels.NOBODY_READS, channels.await());
    assertTrue(calls.contains("abort"), calls.toString());
  }
}
