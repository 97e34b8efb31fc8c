package dev.berth.agent.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Counts what is read through it.
final class Counted extends FilterInputStream {
  private long count;

  Counted(InputStream in) {
    super(in);
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count += b >= 0 ? 1 : 0;
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    count += Math.max(0, n);
    return n;
  }
}
