package dev.berth.controller;

import dev.berth.client.ApiClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;

/// The client's side of SPDY/3.1 over an upgraded connection, as kubectl's is: it opens streams and
/// grants no windows. Used by one thread.
final class SpdyClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final SSLSocket socket;
  private final InputStream in;
  private final String head;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Map<Integer, StringBuilder> arrived = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private int lastStream = -1;

  SpdyClient(ApiClient as, String path, String protocol) throws IOException {
    URI server = URI.create(as.server().toString());
    this.socket =
        (SSLSocket)
            as.sslContext().getSocketFactory().createSocket(server.getHost(), server.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    String request =
        ("POST %s HTTP/1.1\r\nHost: berth\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0"
                + "\r\nX-Stream-Protocol-Version: %s\r\nX-Stream-Protocol-Version: other\r\n\r\n")
            .formatted(path, protocol);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    this.in = socket.getInputStream();
    this.head = readHead();
  }

  private String readHead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + bytes.toString(StandardCharsets.US_ASCII));
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  /// The answer's first line and headers.
  String head() {
    return head;
  }

  int open(Map<String, String> headers) throws IOException {
    lastStream += 2;
    SpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(lastStream, 0, (byte) 0);
    headers.forEach(frame.headers()::set);
    write(frame);
    return lastStream;
  }

  void send(int stream, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes)));
  }

  void end(int stream) throws IOException {
    write(new DefaultSpdyDataFrame(stream).setLast(true));
  }

  void ping() throws IOException {
    write(new DefaultSpdyPingFrame(1));
  }

  private void write(SpdyFrame frame) throws IOException {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      socket.getOutputStream().write(ByteBufUtil.getBytes(bytes));
      bytes.release();
    }
  }

  /// What has arrived on the stream; waits for something. Empty at its end.
  String receive(int stream) throws IOException {
    return receive(stream, 1);
  }

  /// At least so many letters, unless the stream ends before.
  String receive(int stream, int least) throws IOException {
    StringBuilder text = arrived.computeIfAbsent(stream, _ -> new StringBuilder());
    byte[] buffer = new byte[64 * 1024];
    while (text.length() < least && !ended.contains(stream)) {
      int n = in.read(buffer);
      if (n < 0) {
        throw new IOException("the server has closed");
      }
      codec.writeInbound(Unpooled.copiedBuffer(buffer, 0, n));
      for (Object f = codec.readInbound(); f != null; f = codec.readInbound()) {
        take(f);
      }
    }
    String all = text.toString();
    text.setLength(0);
    return all;
  }

  private void take(Object frame) {
    if (frame instanceof SpdyDataFrame data) {
      arrived
          .computeIfAbsent(data.streamId(), _ -> new StringBuilder())
          .append(data.content().toString(StandardCharsets.UTF_8));
      if (data.isLast()) {
        ended.add(data.streamId());
      }
      data.release();
    } else if (frame instanceof SpdySynReplyFrame reply && reply.headers().isEmpty()) {
      throw new AssertionError("kubectl waits for ever for the headers of an answer without any");
    } else if (frame instanceof SpdyRstStreamFrame reset) {
      ended.add(reset.streamId());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    codec.finishAndReleaseAll();
  }
}
