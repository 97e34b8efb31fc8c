package dev.berth.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// A replica that takes its time for each answer, as a model does. It serves as many at once as
/// come.
final class StandIn implements AutoCloseable {
  static final int ANSWER = 1_024;

  private static final byte[] WHOLE_ANSWER =
      ("HTTP/1.1 200 OK\r\nContent-Length: " + ANSWER + "\r\n\r\n" + "x".repeat(ANSWER))
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket socket;
  private final Duration takes;

  StandIn(Duration takes) throws IOException {
    this.takes = takes;
    this.socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("stand-in").start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket one = socket.accept();
        one.setTcpNoDelay(true);
        Thread.ofVirtual().name("stand-in-line").start(() -> serve(one));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket one) {
    try (one) {
      InputStream in = new BufferedInputStream(one.getInputStream());
      OutputStream out = one.getOutputStream();
      for (long length = head(in); length >= 0; length = head(in)) {
        in.skipNBytes(length);
        Thread.sleep(takes);
        out.write(WHOLE_ANSWER);
      }
    } catch (IOException e) {
      // the proxy has closed it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return length of the body that follows; -1 at the end of the connection
  private static long head(InputStream in) throws IOException {
    long length = 0;
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      String field = line.toString().strip().toLowerCase(Locale.ROOT);
      line.setLength(0);
      if (field.isEmpty()) {
        return length;
      }
      if (field.startsWith("content-length:")) {
        length = Long.parseLong(field.substring(field.indexOf(':') + 1).strip());
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
