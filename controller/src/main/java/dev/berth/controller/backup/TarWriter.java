package dev.berth.controller.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// Writes plain files as a tar stream (POSIX pax: long names and sizes stand in a record before the
/// file).
final class TarWriter {
  static final int BLOCK = 512;
  private static final int LONGEST_PLAIN_NAME = 100;
  private static final long LARGEST_PLAIN_SIZE = 0x1_FFFF_FFFFL;

  private final OutputStream out;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /// Adds a file of exactly `size` bytes.
  ///
  /// @return the SHA-256 of its bytes in hex
  String add(String name, long size, InputStream content) throws IOException {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > LONGEST_PLAIN_NAME || size > LARGEST_PLAIN_SIZE) {
      byte[] records = concat(record("path", name), record("size", Long.toString(size)));
      header("pax".getBytes(StandardCharsets.US_ASCII), records.length, 'x');
      out.write(records);
      pad(records.length);
    }
    header(utf8, size, '0');
    MessageDigest digest = Checksums.sha256();
    copy(name, size, content, digest);
    pad(size);
    return HexFormat.of().formatHex(digest.digest());
  }

  private void copy(String name, long size, InputStream content, MessageDigest digest)
      throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (long left = size; left > 0; ) {
      int n = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException(name + " ended " + left + " bytes before its size");
      }
      digest.update(buffer, 0, n);
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  /// The length of a record counts itself.
  private static byte[] record(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.getBytes(StandardCharsets.UTF_8).length;
    int total = length + Integer.toString(length).length();
    total = length + Integer.toString(total).length();
    return (total + rest).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private void header(byte[] name, long size, char type) throws IOException {
    byte[] block = new byte[BLOCK];
    System.arraycopy(name, 0, block, 0, Math.min(name.length, LONGEST_PLAIN_NAME));
    octal(block, 100, 8, 0600);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, Math.min(size, LARGEST_PLAIN_SIZE));
    octal(block, 136, 12, 0);
    block[156] = (byte) type;
    text(block, 257, "ustar\0" + "00");
    octal(block, 148, 7, sum(block));
    block[155] = ' ';
    out.write(block);
  }

  private static void octal(byte[] block, int at, int length, long value) {
    String digits = Long.toOctalString(value);
    text(block, at, "0".repeat(length - 1 - digits.length()) + digits);
  }

  private static void text(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /// Of a header whose checksum field counts as spaces.
  static int sum(byte[] block) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    return sum;
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  /// Two empty blocks end the archive.
  void end() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }
}
