package dev.berth.agent.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Connections to servers that do not do their part.
class PortForwardTest {
  /// As the tunnel makes it; what is sent goes nowhere.
  @SuppressWarnings("NullAway") // nothing of the tunnel is used as long as nothing is sent
  private static TunnelStream stream() {
    return new TunnelStream(1, null);
  }

  /// A server that ignores that its client has said all, or that is stopped.
  @Test
  void aClientThatGivesUpIsHeldByNoServer() throws Exception {
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      SocketChannel socket = SocketChannel.open(server.getLocalAddress());
      TunnelStream stream = stream();
      CompletableFuture<Void> served = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  PortForward.serve(socket, stream.body(), stream);
                } catch (IOException | InterruptedException e) {
                  // how it ends does not matter
                } finally {
                  served.complete(null);
                }
              });
      try (SocketChannel silent = server.accept()) {
        stream.ended();
        assertEquals(-1, silent.read(ByteBuffer.allocate(1)), "the client's half close arrives");
        assertFalse(served.isDone());
        stream.reset();
        served.get(20, TimeUnit.SECONDS);
        assertFalse(socket.isOpen());
      }
    }
  }

  @Test
  void whoeverIsToHearOfTheEndHearsOfItOnce() {
    TunnelStream stream = stream();
    AtomicInteger heard = new AtomicInteger();
    stream.whenGone(heard::incrementAndGet);
    assertEquals(0, heard.get());
    stream.reset();
    stream.reset();
    assertEquals(1, heard.get());
    stream.whenGone(heard::incrementAndGet);
    assertEquals(2, heard.get(), "also who comes late");
  }

  @Test
  void aPeerThatSendsMoreThanItsWindowIsGone() {
    TunnelStream stream = stream();
    List<String> heard = new ArrayList<>();
    stream.whenGone(() -> heard.add("gone"));
    stream.data(new byte[TunnelStream.WINDOW]);
    assertTrue(heard.isEmpty());
    stream.data(new byte[1]);
    assertEquals(List.of("gone"), heard);
    try (InputStream body = stream.body()) {
      org.junit.jupiter.api.Assertions.assertThrows(IOException.class, body::read);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
