package dev.berth.hardening;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Archives of hundreds of megabytes that are made while they are read.
final class HostileStreams {
  private static final int CHUNK = 1 << 20;

  /// What grows without a bound in a reader that keeps it.
  enum Kind {
    /// A name of a gigabyte.
    LONG_NAME,
    /// PAX records of a gigabyte.
    LONG_RECORDS,
    /// 60,000 times the same directory by a name of 4,000 bytes.
    SAME_DIRECTORY
  }

  private HostileStreams() {}

  static InputStream of(Kind kind) {
    return switch (kind) {
      case LONG_NAME -> large("././@LongLink", 'L');
      case LONG_RECORDS -> large("PaxHeaders/x", 'x');
      case SAME_DIRECTORY -> repeated(60_000);
    };
  }

  private static InputStream large(String name, char type) {
    byte[] head = new TarBytes().add(TarBytes.header(name, type).size(1L << 30)).cut();
    byte[] chunk = "n".repeat(CHUNK).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return joined(
        Stream.concat(Stream.of(head), IntStream.range(0, 1024).mapToObj(_ -> chunk)).iterator());
  }

  private static InputStream repeated(int times) {
    byte[] name = TarBytes.raw(("d".repeat(199) + "/").repeat(20));
    byte[] entry =
        new TarBytes().longName('L', name).add(TarBytes.header("d", '5').mode(0755)).cut();
    return joined(IntStream.range(0, times).mapToObj(_ -> entry).iterator());
  }

  @SuppressWarnings("JdkObsolete") // SequenceInputStream takes nothing newer
  private static InputStream joined(Iterator<byte[]> parts) {
    return new SequenceInputStream(
        new Enumeration<InputStream>() {
          @Override
          public boolean hasMoreElements() {
            return parts.hasNext();
          }

          @Override
          public InputStream nextElement() {
            return new ByteArrayInputStream(parts.next());
          }
        });
  }
}
