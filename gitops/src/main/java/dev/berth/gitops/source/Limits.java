package dev.berth.gitops.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What a repository may bring. The bytes are counted as they come in, below every transport.
final class Limits {
  /// No file or tree may be larger, unpacked: deltas are put together in memory.
  static final int OBJECT_MIB = 32;

  private Limits() {}

  /// More bytes came than `spec.maxSize` allows.
  static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1;

    Exceeded(long most) {
      super(
          "the repository is larger than spec.maxSize ("
              + (most >> 20 > 0 ? (most >> 20) + " MiB" : most + " bytes")
              + "): raise it, or keep large files out of Git");
    }
  }

  static InputStream limited(InputStream in, long most) {
    return new Counting(in, most);
  }

  private static final class Counting extends FilterInputStream {
    private final long most;
    private long count;

    Counting(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      counted(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      counted(Math.max(0, read));
      return read;
    }

    private void counted(int more) throws IOException {
      count += more;
      if (count > most) {
        throw new Exceeded(most);
      }
    }
  }
}
