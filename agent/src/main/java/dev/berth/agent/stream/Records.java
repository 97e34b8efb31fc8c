package dev.berth.agent.stream;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Several channels in one stream: a byte of channel, four of length (big endian), the payload. The
/// channels are those of Kubernetes' `v5.channel.k8s.io` (kubernetes.io: "WebSockets" of exec).
final class Records {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;
  static final int ERROR = 3;
  static final int RESIZE = 4;
  static final int CLOSE = 255;
  private static final int LONGEST = 64 * 1024;
  private static final int HEADER = 5;

  /// One piece of one channel.
  @SuppressWarnings("ArrayRecordComponent") // on its way, never compared
  record Piece(int channel, byte[] bytes) {}

  private final Route.Response response;
  private final ReentrantLock lock = new ReentrantLock();

  Records(Route.Response response) {
    this.response = response;
  }

  /// Blocks while the peer's window is full; false when nobody reads any more. Safe from several
  /// threads.
  boolean write(int channel, byte[] bytes) throws IOException {
    byte[] record =
        ByteBuffer.allocate(HEADER + bytes.length)
            .put((byte) channel)
            .putInt(bytes.length)
            .put(bytes)
            .array();
    lock.lock();
    try {
      return response.write(record);
    } finally {
      lock.unlock();
    }
  }

  /// The next record; empty at the end. Throws an [IOException] for one that is longer than 64 KiB
  /// or cut off.
  static Optional<Piece> read(InputStream in) throws IOException {
    int channel = in.read();
    if (channel < 0) {
      return Optional.empty();
    }
    DataInputStream data = new DataInputStream(in);
    int length = data.readInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException("a record of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    data.readFully(bytes);
    return Optional.of(new Piece(channel, bytes));
  }
}
