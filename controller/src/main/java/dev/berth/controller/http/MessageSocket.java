package dev.berth.controller.http;

import java.io.IOException;
import java.util.Optional;

/// A WebSocket (RFC 6455) as blocking calls. One thread receives, any may send.
public interface MessageSocket extends AutoCloseable {
  /// Of the protocols that the client offered, the one that was chosen; empty when none was.
  String protocol();

  /// The next whole message; empty when the client has closed or gone.
  Optional<byte[]> receive();

  /// Returns when the message was handed to the connection, which may wait for a slow client.
  void sendBinary(byte[] message) throws IOException;

  void sendText(String message) throws IOException;

  /// Sends a text message in parts, which may be cut anywhere (RFC 6455, 5.4): whoever holds a
  /// large one need not hand over all of it at once.
  ///
  /// @param part some bytes of its UTF-8
  void sendTextPart(byte[] part, boolean first, boolean last) throws IOException;

  /// Closes normally; what was sent before still arrives.
  @Override
  void close();
}
