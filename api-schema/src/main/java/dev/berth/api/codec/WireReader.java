package dev.berth.api.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The protobuf wire format (protobuf.dev/programming-guides/encoding): tags, varints, fixed and
/// length-delimited values of a slice of an array. Every read is checked against the end of the
/// slice; what does not fit is an `ApiException` with a `BadRequest`. Groups, which no Kubernetes
/// message has, are refused.
final class WireReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;

  WireReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean atEnd() {
    return at >= end;
  }

  /// Field number * 8 + wire type; the number is 1 or more.
  int tag() {
    long tag = varint();
    if (tag < 8 || tag > 0xffffffffL) {
      throw Protobuf.refused("a field number is out of range at byte " + at);
    }
    return (int) tag;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = next();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw Protobuf.refused("a number has more than ten bytes at byte " + at);
  }

  private byte next() {
    if (at >= end) {
      throw cut();
    }
    return bytes[at++];
  }

  long fixed64() {
    return fixed(8);
  }

  int fixed32() {
    return (int) fixed(4);
  }

  /// Little endian.
  private long fixed(int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (next() & 0xffL) << (8 * i);
    }
    return value;
  }

  /// What a length-delimited field holds, as a reader of its own.
  WireReader message() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw cut();
    }
    int from = at;
    at += (int) length;
    return new WireReader(bytes, from, at);
  }

  byte[] content() {
    return message().rest();
  }

  /// Bytes that are no UTF-8 become U+FFFD, as in Go's JSON.
  String text() {
    WireReader text = message();
    return new String(bytes, text.at, text.end - text.at, StandardCharsets.UTF_8);
  }

  /// Everything up to the end.
  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, at, end);
    at = end;
    return rest;
  }

  void skip(int tag) {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case LENGTH -> message();
      case FIXED32 -> fixed32();
      default -> throw Protobuf.refused("wire type " + (tag & 7) + " is not allowed");
    }
  }

  private static RuntimeException cut() {
    return Protobuf.refused("it ends in the middle of a value");
  }
}
