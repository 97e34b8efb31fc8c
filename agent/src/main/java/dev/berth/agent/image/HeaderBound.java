package dev.berth.agent.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Lets an archive's reader take only so much between two entries: it holds all of that in memory.
final class HeaderBound extends FilterInputStream {
  private static final long MOST = 2 << 20;
  private long left = Long.MAX_VALUE;

  HeaderBound(InputStream in) {
    super(in);
  }

  /// From now on a header is read, behind this many bytes of content.
  void header(long content) {
    left = content + MOST;
  }

  /// From now on content is read, which nobody keeps.
  void content() {
    left = Long.MAX_VALUE;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    counted(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return (int) counted(super.read(into, offset, length));
  }

  @Override
  public long skip(long n) throws IOException {
    return counted(super.skip(n));
  }

  private long counted(long n) throws IOException {
    left -= Math.max(0, n);
    if (left < 0) {
      throw new IOException("the layer has a header of more than " + MOST + " bytes");
    }
    return n;
  }
}
