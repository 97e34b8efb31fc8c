package dev.berth.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// An API server with one pod, `box`, whose command says back what it hears over
/// `v5.channel.k8s.io` and ends with its input, with code 7; one that has no input ends well. So
/// does its port 7 over `v4.channel.k8s.io`. Its WebSocket (RFC 6455) is what that takes and no
/// more.
final class StandInPod implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final String POD =
      """
      {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "box", "namespace": "default"},
       "spec": {"containers": [{"name": "main"}, {"name": "side"}]}}""";
  private static final String NOT_THERE =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404,
       "reason": "NotFound", "message": "not there"}""";

  private final ServerSocket server;
  private volatile String asked = "";
  private volatile boolean hasTools = true;

  StandInPod() throws IOException {
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /// From now on no command is found in it.
  void loseTools() {
    hasTools = false;
  }

  /// The parameters of the last command.
  String asked() {
    return asked;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      String target = line(in).split(" ", -1)[1];
      String key = "";
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key: ")) {
          key = line.substring(line.indexOf(' ') + 1);
        }
      }
      if (target.contains("/log?")) {
        talk(client.getOutputStream());
      } else if (key.isEmpty()) {
        boolean known = target.endsWith("/pods/box");
        answer(
            client.getOutputStream(), known ? "200 OK" : "404 Not Found", known ? POD : NOT_THERE);
      } else {
        asked = target.substring(target.indexOf('?') + 1);
        boolean forward = target.contains("/portforward?");
        shake(client.getOutputStream(), key, forward ? "v4" : "v5");
        if (forward) {
          connect(in, client.getOutputStream());
        } else {
          run(in, client.getOutputStream());
        }
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  /// Says more as long as somebody reads.
  private static void talk(OutputStream out) throws IOException {
    out.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".getBytes(ISO_8859_1));
    for (long i = 0; ; i++) {
      out.write(("line " + i + "\n").getBytes(ISO_8859_1));
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void answer(OutputStream out, String status, String body) throws IOException {
    String head =
        "HTTP/1.1 " + status + "\r\ncontent-type: application/json\r\nconnection: close\r\n";
    out.write((head + "content-length: " + body.length() + "\r\n\r\n" + body).getBytes(ISO_8859_1));
  }

  private static void shake(OutputStream out, String key, String version) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
              + "sec-websocket-protocol: "
              + version
              + ".channel.k8s.io\r\nsec-websocket-accept: "
              + Base64.getEncoder().encodeToString(hash)
              + "\r\n\r\n";
      out.write(head.getBytes(ISO_8859_1));
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private void run(DataInputStream in, OutputStream out) throws IOException {
    List<String> command =
        Stream.of(asked.split("&", -1))
            .filter(parameter -> parameter.startsWith("command="))
            .map(parameter -> URLDecoder.decode(parameter.substring(8), StandardCharsets.UTF_8))
            .toList();
    if (hasTools && (command.getFirst().equals("tar") || command.getFirst().equals("test"))) {
      process(command, in, out);
      return;
    }
    if (!hasTools) {
      end(out, 127);
      in.read();
      return;
    }
    send(out, 1, "hello\n".getBytes(ISO_8859_1));
    send(out, 2, "oops\n".getBytes(ISO_8859_1));
    String status = "{\"metadata\":{},\"status\":\"Success\"}";
    if (asked.contains("stdin=true")) {
      for (byte[] message = read(in); (message[0] & 0xff) != 255; message = read(in)) {
        send(out, 1, java.util.Arrays.copyOfRange(message, 1, message.length));
      }
      status =
          """
          {"metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
           "details": {"causes": [{"reason": "ExitCode", "message": "7"}]}}""";
    }
    send(out, 3, status.getBytes(ISO_8859_1));
    out.write(new byte[] {(byte) CLOSE, 2, 0x03, (byte) 0xe8});
    in.read(); // until the client has closed it too
  }

  /// The command itself, on this host, as it would run in the container.
  private static void process(List<String> command, DataInputStream in, OutputStream out)
      throws IOException {
    Process process = new ProcessBuilder(command).start();
    try (OutputStream input = process.getOutputStream()) {
      if (command.contains("-xmf")) {
        for (byte[] message = read(in); (message[0] & 0xff) != 255; message = read(in)) {
          input.write(message, 1, message.length - 1);
        }
      }
    }
    for (byte[] some = process.getInputStream().readNBytes(1 << 15);
        some.length > 0;
        some = process.getInputStream().readNBytes(1 << 15)) {
      send(out, 1, some);
    }
    byte[] words = process.getErrorStream().readAllBytes();
    if (words.length > 0) {
      send(out, 2, words);
    }
    end(out, process.onExit().join().exitValue());
    in.read();
  }

  private static void end(OutputStream out, int code) throws IOException {
    String failure =
        "{\"status\":\"Failure\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"%d\"}]}}"
            .formatted(code);
    send(out, 3, (code == 0 ? "{\"status\":\"Success\"}" : failure).getBytes(ISO_8859_1));
    out.write(new byte[] {(byte) CLOSE, 2, 0x03, (byte) 0xe8});
  }

  /// Port 7 says back what it hears until a dot comes; no other is open.
  private void connect(DataInputStream in, OutputStream out) throws IOException {
    int port = Integer.parseInt(asked.substring(asked.indexOf('=') + 1));
    byte[] number = {(byte) port, (byte) (port >> 8)};
    send(out, 0, number);
    send(out, 1, number);
    if (port != 7) {
      send(out, 1, "nothing listens there".getBytes(ISO_8859_1));
      in.read();
      return;
    }
    for (byte[] message = read(in); message[1] != '.'; message = read(in)) {
      send(out, 0, java.util.Arrays.copyOfRange(message, 1, message.length));
    }
  }

  private static void send(OutputStream out, int channel, byte[] bytes) throws IOException {
    int length = bytes.length + 1;
    ByteBuffer frame = ByteBuffer.allocate(length + 10).put((byte) BINARY);
    if (length < SHORT) {
      frame.put((byte) length);
    } else if (length <= 0xffff) {
      frame.put((byte) SHORT).putShort((short) length);
    } else {
      frame.put((byte) LONG).putLong(length);
    }
    frame.put((byte) channel).put(bytes);
    out.write(frame.array(), 0, frame.position());
  }

  /// A whole message: clients send a longer one in several frames.
  private static byte[] read(DataInputStream in) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    boolean last = false;
    while (!last) {
      last = in.readByte() < 0;
      message.writeBytes(frame(in));
    }
    return message.toByteArray();
  }

  /// Masked, as those of clients are.
  private static byte[] frame(DataInputStream in) throws IOException {
    int length = in.readByte() & 0x7f;
    if (length == SHORT) {
      length = in.readUnsignedShort();
    } else if (length == LONG) {
      length = (int) in.readLong();
    }
    byte[] mask = in.readNBytes(4);
    byte[] bytes = in.readNBytes(length);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= mask[i % 4];
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
