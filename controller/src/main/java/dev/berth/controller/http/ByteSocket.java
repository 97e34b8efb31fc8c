package dev.berth.controller.http;

import java.io.IOException;
import java.util.Optional;

/// A connection that carries bytes both ways, as blocking calls. One thread receives, any may send.
public interface ByteSocket extends AutoCloseable {
  /// The next bytes, as many as came together; empty when the peer has closed or gone.
  Optional<byte[]> receive();

  /// Returns when the bytes were handed to the connection, which may wait for a slow peer.
  void send(byte[] bytes) throws IOException;

  /// What was sent before still arrives.
  @Override
  void close();

  /// The same over a WebSocket: the bytes are those of its binary messages, one behind the other.
  static ByteSocket over(MessageSocket messages) {
    return new ByteSocket() {
      @Override
      public Optional<byte[]> receive() {
        return messages.receive();
      }

      @Override
      public void send(byte[] bytes) throws IOException {
        messages.sendBinary(bytes);
      }

      @Override
      public void close() {
        messages.close();
      }
    };
  }
}
