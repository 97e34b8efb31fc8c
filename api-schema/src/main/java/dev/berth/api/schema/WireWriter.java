package dev.berth.api.schema;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// The protobuf wire format (protobuf.dev/programming-guides/encoding), written: as in proto3, what
/// has its default value is left out, except messages. Numbers of fields are 1 or more.
final class WireWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  byte[] bytes() {
    return out.toByteArray();
  }

  WireWriter text(int number, String value) {
    return value.isEmpty() ? this : bytes(number, value.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter flag(int number, boolean value) {
    if (value) {
      tag(number, VARINT);
      out.write(1);
    }
    return this;
  }

  WireWriter decimal(int number, double value) {
    if (value != 0) {
      tag(number, FIXED64);
      long bits = Double.doubleToLongBits(value);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        out.write((int) (bits >>> shift));
      }
    }
    return this;
  }

  WireWriter message(int number, Consumer<WireWriter> content) {
    WireWriter inner = new WireWriter();
    content.accept(inner);
    return bytes(number, inner.bytes());
  }

  private WireWriter bytes(int number, byte[] value) {
    tag(number, LENGTH);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void tag(int number, int type) {
    varint(number << 3 | type);
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
