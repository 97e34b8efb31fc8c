package dev.berth.controller.apiserver;

import io.vertx.core.buffer.Buffer;

/// One message of a node's tunnel: a type, a stream, a payload.
@SuppressWarnings("ArrayRecordComponent") // Frames are sent, never compared.
record TunnelFrame(int type, int stream, byte[] payload) {
  static final int OPEN = 1;
  static final int DATA = 2;
  static final int END = 3;
  static final int HEAD = 4;
  static final int RESET = 5;
  static final int CREDIT = 6;
  private static final int HEADER = 5;

  static TunnelFrame decode(Buffer message) {
    if (message.length() < HEADER) {
      throw new IllegalArgumentException("a tunnel message of " + message.length() + " bytes");
    }
    return new TunnelFrame(
        message.getByte(0), message.getInt(1), message.getBytes(HEADER, message.length()));
  }

  Buffer encode() {
    return Buffer.buffer(HEADER + payload.length)
        .appendByte((byte) type)
        .appendInt(stream)
        .appendBytes(payload);
  }
}
