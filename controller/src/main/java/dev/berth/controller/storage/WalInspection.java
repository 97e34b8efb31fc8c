package dev.berth.controller.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Looks at the write-ahead log before SQLite does.
///
/// SQLite replays the log up to the first frame whose checksum is wrong and silently drops the
/// rest: right for a torn tail, wrong for a flipped bit in the middle, behind which lie
/// transactions that were fsynced and acknowledged. We write one transaction at a time and wait for
/// its fsync, so the only frames that may legally be bad belong to the last transaction. A valid
/// commit frame after a bad frame, other than the end of the bad frame's own transaction, is
/// therefore damage.
///
/// A frame's checksum continues that of the frame before it, and every frame stores its own, so a
/// frame after a bad one can still be checked from what its predecessor's header says. Format:
/// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
final class WalInspection {
  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE = 8192;

  private final FileChannel wal;
  private final ByteOrder order;
  private final int pageSize;
  private final long salts;

  private record Sum(int s0, int s1) {}

  private record Frame(boolean ours, boolean commit, boolean valid, Sum stored) {}

  private WalInspection(FileChannel wal, ByteOrder order, int pageSize, long salts) {
    this.wal = wal;
    this.order = order;
    this.pageSize = pageSize;
    this.salts = salts;
  }

  private WalInspection(FileChannel wal, ByteBuffer header) {
    this.wal = wal;
    this.order = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    this.pageSize = header.getInt(8);
    this.salts = header.getLong(16);
  }

  static void requireUndamaged(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + "-wal");
    if (!Files.exists(path) || Files.size(path) < HEADER) {
      return;
    }
    try (FileChannel wal = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer header = read(wal, 0, HEADER);
      WalInspection inspection = new WalInspection(wal, header);
      boolean sound = inspection.headerValid(header);
      if (!sound && holdsTransactions(wal, header)) {
        throw damagedHeader(database, path);
      }
      long frame = sound ? inspection.damagedFrame(header) : -1;
      if (frame >= 0) {
        throw damagedFrame(database, path, frame, inspection.pageSize);
      }
    }
  }

  private static StoreException damagedHeader(Path database, Path log) {
    return new StoreException(
        "the store's log "
            + log
            + " is damaged at its first bytes: every write in it would be lost, so the store is not"
            + " opened; "
            + Advice.restore(database)
            + ", or move that log away, which loses every write since it was last emptied");
  }

  private static StoreException damagedFrame(Path database, Path log, long frame, int pageSize) {
    long at = HEADER + frame * (FRAME_HEADER + pageSize);
    return new StoreException(
        "the store's log "
            + log
            + " is damaged at frame "
            + frame
            + " (byte "
            + at
            + "): committed writes follow a broken one and would be lost, so the store is not"
            + " opened; "
            + Advice.restore(database)
            + ", or keep a copy of that log and cut it there, which loses every write from that"
            + " frame on: truncate -s "
            + at
            + " "
            + log);
  }

  /// Behind a header that is not to be believed: then SQLite would drop the whole log. Nothing but
  /// our own page size and the frames' own sums is taken for true.
  private static boolean holdsTransactions(FileChannel wal, ByteBuffer header) throws IOException {
    if (wal.size() < HEADER + FRAME_HEADER + PAGE) {
      return false;
    }
    long salts = read(wal, HEADER + 8, 8).getLong(0);
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      if (new WalInspection(wal, order, PAGE, salts).hasCommit(header)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasCommit(ByteBuffer header) throws IOException {
    Sum running = stored(header, 24);
    for (long i = 0; i < frames(); i++) {
      Frame frame = frame(i, running);
      if (frame.valid() && frame.commit()) {
        return true;
      }
      running = frame.stored();
    }
    return false;
  }

  private long frames() throws IOException {
    return (wal.size() - HEADER) / (FRAME_HEADER + pageSize);
  }

  private boolean headerValid(ByteBuffer header) {
    boolean magic = (header.getInt(0) & ~1) == 0x377f0682;
    boolean size = pageSize >= 512 && pageSize <= 65536;
    return magic && size && sum(new Sum(0, 0), header.slice(0, 24)).equals(stored(header, 24));
  }

  private long damagedFrame(ByteBuffer header) throws IOException {
    Sum running = stored(header, 24);
    long bad = -1;
    boolean ownEndAllowed = false;
    for (long i = 0; i < frames(); i++) {
      Frame frame = frame(i, running);
      if (bad < 0 && !frame.valid() && isOneBitOff(i, running)) {
        return i;
      }
      running = frame.stored();
      if (bad < 0 && !frame.valid()) {
        bad = i;
        ownEndAllowed = frame.ours() && !frame.commit();
      } else if (bad >= 0 && frame.valid() && frame.commit()) {
        if (!ownEndAllowed) {
          return bad;
        }
        ownEndAllowed = false;
      }
    }
    return -1;
  }

  /// A frame that one bit of its header keeps from being right was written whole: no torn write
  /// looks like that. The mark that ends a transaction is in there, and without it the frames of
  /// the next one would pass for the rest of this.
  private boolean isOneBitOff(long index, Sum before) throws IOException {
    ByteBuffer bytes = bytes(index);
    for (int bit = 0; bit < FRAME_HEADER * 8; bit++) {
      byte right = bytes.get(bit / 8);
      bytes.put(bit / 8, (byte) (right ^ 1 << bit % 8));
      if (frame(bytes, before).valid()) {
        return true;
      }
      bytes.put(bit / 8, right);
    }
    return false;
  }

  private ByteBuffer bytes(long index) throws IOException {
    return read(wal, HEADER + index * (FRAME_HEADER + pageSize), FRAME_HEADER + pageSize);
  }

  private Frame frame(long index, Sum before) throws IOException {
    return frame(bytes(index), before);
  }

  private Frame frame(ByteBuffer bytes, Sum before) {
    boolean ours = bytes.getLong(8) == salts;
    Sum stored = stored(bytes, 16);
    Sum computed = sum(sum(before, bytes.slice(0, 8)), bytes.slice(FRAME_HEADER, pageSize));
    return new Frame(ours, bytes.getInt(4) != 0, ours && computed.equals(stored), stored);
  }

  private Sum sum(Sum start, ByteBuffer bytes) {
    bytes.order(order);
    int s0 = start.s0();
    int s1 = start.s1();
    while (bytes.hasRemaining()) {
      s0 += bytes.getInt() + s1;
      s1 += bytes.getInt() + s0;
    }
    return new Sum(s0, s1);
  }

  private static Sum stored(ByteBuffer bytes, int at) {
    return new Sum(bytes.getInt(at), bytes.getInt(at + 4));
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        break;
      }
    }
    return bytes.clear();
  }
}
