package dev.berth.bench;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// One TLS connection to the API server, HTTP/1.1 kept alive, as bare as can be: client and server
/// share the machine, and what the client costs is taken from the server. Not thread-safe.
final class ApiLine implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long leftOfChunk;
  private boolean inChunks;
  private final OutputStream out;
  private final String fields;

  static ApiLine open(SSLContext tls, int port, String token) throws IOException {
    Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    ((SSLSocket) socket).startHandshake();
    return new ApiLine(socket, token);
  }

  ApiLine(Socket socket, String token) throws IOException {
    this.socket = socket;
    in = socket.getInputStream();
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    fields = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n";
  }

  /// Asks, and takes the whole answer.
  ///
  /// @return its length in bytes
  /// @throws IOException of every answer but 200 and 201
  long ask(String method, String path, byte[] body) throws IOException {
    send(method, path, body);
    Head head = head();
    long length = head.length >= 0 ? skip(head.length) : chunks();
    if (head.status / 100 != 2) {
      throw new IOException(method + " " + path + " answered " + head.status);
    }
    return length;
  }

  /// Begins a watch; what follows is read with [#event].
  void watch(String path) throws IOException {
    send("GET", path, new byte[0]);
    Head head = head();
    if (head.status != 200) {
      throw new IOException("GET " + path + " answered " + head.status);
    }
    // The first chunk comes with the first event, however long that takes.
    leftOfChunk = 0;
    inChunks = false;
  }

  /// Waits for the end of the next event, which is a line, in whichever chunk it ends.
  void event() throws IOException {
    while (true) {
      if (leftOfChunk == 0) {
        if (inChunks) {
          line();
        }
        inChunks = true;
        leftOfChunk = Long.parseLong(line(), 16);
      }
      fill();
      int until = at + (int) Math.min(leftOfChunk, end - at);
      int from = at;
      while (at < until) {
        if (buffer[at++] == '\n') {
          leftOfChunk -= at - from;
          return;
        }
      }
      leftOfChunk -= at - from;
    }
  }

  private void send(String method, String path, byte[] body) throws IOException {
    String head =
        method
            + " "
            + path
            + fields
            + (body.length == 0
                ? ""
                : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
            + "\r\n";
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }

  /// @param length -1 for one in chunks
  private record Head(int status, long length) {}

  private Head head() throws IOException {
    int status = Integer.parseInt(line().substring(STATUS_AT, STATUS_AT + 3));
    long length = -1;
    for (String field = line(); !field.isEmpty(); field = line()) {
      if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(field.substring(field.indexOf(':') + 1).strip());
      }
    }
    return new Head(status, length);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = read(); b != '\n'; b = read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private long chunks() throws IOException {
    long length = 0;
    for (long next = Long.parseLong(line(), 16); next > 0; next = Long.parseLong(line(), 16)) {
      length += skip(next);
      line();
    }
    line();
    return length;
  }

  private int read() throws IOException {
    fill();
    return buffer[at++] & 0xff;
  }

  /// There is something to read when it returns.
  private void fill() throws IOException {
    if (at < end) {
      return;
    }
    at = 0;
    end = in.read(buffer);
    if (end <= 0) {
      end = 0;
      throw new EOFException("the server has closed the connection");
    }
  }

  private long skip(long length) throws IOException {
    for (long left = length; left > 0; ) {
      fill();
      int some = (int) Math.min(left, end - at);
      at += some;
      left -= some;
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
