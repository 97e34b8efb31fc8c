package dev.berth.agent.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One message of the tunnel: type, stream, payload.
record Frame(Type type, int stream, ByteBuffer payload) {
  private static final int HEADER = 5;

  enum Type {
    OPEN(1),
    DATA(2),
    END(3),
    HEAD(4),
    RESET(5),
    CREDIT(6);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /// Empty for a type that a newer peer knows and we do not.
  static Optional<Frame> parse(ByteBuffer message) {
    if (message.remaining() < HEADER) {
      return Optional.empty();
    }
    int type = message.get() - 1;
    int stream = message.getInt();
    return type < 0 || type >= Type.values().length
        ? Optional.empty()
        : Optional.of(new Frame(Type.values()[type], stream, message.slice()));
  }

  static ByteBuffer of(Type type, int stream, byte[] payload, int offset, int length) {
    return ByteBuffer.allocate(HEADER + length)
        .put((byte) type.number)
        .putInt(stream)
        .put(payload, offset, length)
        .flip();
  }

  static ByteBuffer of(Type type, int stream, byte[] payload) {
    return of(type, stream, payload, 0, payload.length);
  }

  static ByteBuffer credit(int stream, int bytes) {
    return of(Type.CREDIT, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  byte[] bytes() {
    byte[] out = new byte[payload.remaining()];
    payload.duplicate().get(out);
    return out;
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }
}
