package dev.berth.agent.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to a port of a pod, as raw bytes of a tunnel stream.
public final class PortForward {
  private static final Logger log = LoggerFactory.getLogger(PortForward.class);
  private static final int PIECE = 32 * 1024;

  private PortForward() {}

  /// Serves until the pod's side has ended or the client is gone. The client's half close becomes
  /// the socket's; when it gives up, the socket is closed.
  public static void serve(SocketChannel socket, InputStream body, Route.Response response)
      throws IOException, InterruptedException {
    response.whenGone(() -> close(socket)); // the pod's side may never say anything any more
    Thread input = Thread.ofVirtual().name("forward-input").start(() -> feed(socket, body));
    try (socket) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (socket.read(piece) >= 0
          && response.write(Arrays.copyOf(piece.array(), piece.position()))) {
        piece.clear();
      }
    } finally {
      body.close();
      input.join();
    }
  }

  private static void feed(SocketChannel socket, InputStream body) {
    try {
      byte[] piece = new byte[PIECE];
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, n);
        while (bytes.hasRemaining()) {
          socket.write(bytes);
        }
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("the input of a forwarded port ended");
      close(socket); // reset by the client, or closed by the pod: either way it is over
    }
  }

  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("a forwarded port");
    }
  }
}
