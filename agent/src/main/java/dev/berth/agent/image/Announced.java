package dev.berth.agent.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// A blob of the size that a manifest announces: tells what passes, for the progress line, and
/// fails where the blob is longer, since one without an end would hold its reader for ever.
final class Announced extends FilterInputStream {
  private final LongConsumer passing;
  private final long size;
  private long count;

  /// @param size in bytes
  /// @param passing told of each number of bytes that came
  Announced(InputStream in, long size, LongConsumer passing) {
    super(in);
    this.size = size;
    this.passing = passing;
  }

  private void passed(int n) throws IOException {
    count += n;
    if (count > size) {
      throw new IOException(
          "layer digest mismatch: it is longer than the " + size + " bytes that the manifest says");
    }
    passing.accept(n);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      passed(1);
    }
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    if (n > 0) {
      passed(n);
    }
    return n;
  }
}
