package dev.berth.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// What one thread writes another reads, a few pieces at a time, whichever threads they are: the
/// JDK's own pipe breaks when the thread that wrote last has ended.
final class Pipe {
  private static final int PIECES = 32;
  private static final long LOOK_MILLIS = 200;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
  private volatile boolean left;

  /// Waits while the reader is behind; fails when it has left.
  OutputStream writer() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        if (length > 0) {
          put(java.util.Arrays.copyOfRange(bytes, from, from + length));
        }
      }
    };
  }

  private void put(byte[] piece) throws IOException {
    try {
      while (!left && !pieces.offer(piece, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // the reader is slow, or has left
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (left) {
      throw new IOException("nobody reads any more");
    }
  }

  /// Nothing comes after this.
  void end() {
    try {
      put(END);
    } catch (IOException e) {
      return; // nobody waits for it
    }
  }

  /// The reader wants no more.
  void leave() {
    left = true;
    pieces.clear();
  }

  InputStream reader() {
    return new InputStream() {
      private byte[] piece = {};
      private int at;
      private boolean over;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (!over && at == piece.length) {
          piece = next();
          at = 0;
          over = piece.length == 0;
        }
        if (over) {
          return -1;
        }
        int some = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, from, some);
        at += some;
        return some;
      }
    };
  }

  private byte[] next() throws IOException {
    try {
      return pieces.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
