package dev.berth.hardening;

import dev.berth.client.ApiClient;
import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// The API of a test host, byte by byte as the administrator: also what no client library would
/// send. One connection for each request.
final class RawApi implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Door door;
  private final ApiClient admin;
  private final SSLSocketFactory tls;

  private RawApi(Door door, ApiClient admin) {
    this.door = door;
    this.admin = admin;
    this.tls = admin.sslContext().getSocketFactory();
  }

  static RawApi of(TestHost host) throws IOException {
    Path kubeconfig = host.dataDir().resolve("admin.kubeconfig");
    return new RawApi(Door.open(host, 6443), ApiClient.fromKubeconfig(kubeconfig));
  }

  /// Where it is, for clients that know HTTP.
  URI uri() {
    return URI.create("https://127.0.0.1:" + door.port());
  }

  /// With the administrator's certificate.
  SSLContext tls() {
    return admin.sslContext();
  }

  /// @param head status line and headers
  record Answer(int code, String head, String body) {}

  @SuppressWarnings("ArrayRecordComponent") // Sent once, never compared.
  record Request(String method, String target, List<String> headers, byte[] body) {
    static Request of(String method, String target, String contentType, String body) {
      return new Request(
          method,
          target,
          List.of("Content-Type: " + contentType),
          body.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
      String length = "Content-Length: " + body.length;
      String head =
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: berth\r\nConnection: close\r\n"
              + headers.stream().map(line -> line + "\r\n").collect(Collectors.joining())
              + (headers.stream().anyMatch(line -> line.startsWith("Transfer-Encoding"))
                  ? ""
                  : length + "\r\n")
              + "\r\n";
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.getBytes(StandardCharsets.UTF_8));
      all.writeBytes(body);
      return all.toByteArray();
    }

    /// As a person would repeat it; a body is cut.
    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return "curl -k --cert admin.crt --key admin.key -X "
          + method
          + headers.stream().map(line -> " -H '" + line + "'").collect(Collectors.joining())
          + " 'https://127.0.0.1:6443"
          + target
          + "' --data-binary '"
          + text.substring(0, Math.min(text.length(), 500))
          + "'";
    }
  }

  Answer send(Request request) throws IOException {
    return send(request.bytes());
  }

  /// Reads to the end of the connection, and fails when the server is silent for long.
  Answer send(byte[] bytes) throws IOException {
    try (Socket socket =
        tls.createSocket(
            new Socket(InetAddress.getLoopbackAddress(), door.port()),
            "localhost",
            door.port(),
            true)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      write(socket.getOutputStream(), bytes);
      return answer(socket.getInputStream().readAllBytes());
    }
  }

  /// A server may answer, and close, before it has read all.
  private static void write(OutputStream out, byte[] bytes) throws IOException {
    try {
      out.write(bytes);
      out.flush();
    } catch (SocketException e) {
      // What it said before is still to be read.
    }
  }

  private static Answer answer(byte[] bytes) throws IOException {
    String all = new String(bytes, StandardCharsets.UTF_8);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0 || !all.startsWith("HTTP/1.1 ")) {
      throw new IOException("no HTTP answer, but: " + all);
    }
    return new Answer(
        Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
  }

  @Override
  public void close() throws IOException {
    admin.close();
    door.close();
  }
}
