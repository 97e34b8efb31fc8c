package dev.berth.controller.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what [TarWriter] writes and refuses everything else: links, devices and names that lead
/// out of the archive have no business in a backup.
final class TarReader {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]*(/[A-Za-z0-9_][A-Za-z0-9_.:-]*)*");
  private static final Pattern RECORD = Pattern.compile("\\d+ (path|size)=(.*)");
  private static final int LARGEST_RECORDS = 8192;

  private final InputStream in;
  private long left;
  private long padding;

  /// A file; its bytes are read with [#read] before the next one.
  record Entry(String name, long size) {}

  TarReader(InputStream in) {
    this.in = in;
  }

  /// The next file; empty at the end of the archive.
  Optional<Entry> next() throws IOException {
    skipRest();
    byte[] block = block();
    if (isEmpty(block)) {
      return Optional.empty();
    }
    requireSum(block);
    Entry plain = entry(block);
    return Optional.of(block[156] == 'x' ? extended(plain) : begin(plain, block[156]));
  }

  private Entry extended(Entry records) throws IOException {
    if (records.size() > LARGEST_RECORDS) {
      throw new IOException("a record of " + records.size() + " bytes before an entry");
    }
    byte[] text = in.readNBytes((int) records.size());
    in.skipNBytes(-records.size() & (TarWriter.BLOCK - 1));
    byte[] block = block();
    requireSum(block);
    Entry entry = entry(block);
    for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
      Matcher record = RECORD.matcher(line);
      if (record.matches()) {
        entry =
            record.group(1).equals("path")
                ? new Entry(record.group(2), entry.size())
                : new Entry(entry.name(), Long.parseLong(record.group(2)));
      }
    }
    return begin(entry, block[156]);
  }

  private Entry begin(Entry entry, byte type) throws IOException {
    if (type != '0' || entry.size() < 0 || !NAME.matcher(entry.name()).matches()) {
      throw new IOException("entry \"" + entry.name() + "\" is no plain file of a backup");
    }
    left = entry.size();
    padding = -entry.size() & (TarWriter.BLOCK - 1);
    return entry;
  }

  private static Entry entry(byte[] block) throws IOException {
    return new Entry(text(block, 0, 100), octal(text(block, 124, 12)));
  }

  private static long octal(String digits) throws IOException {
    try {
      return Long.parseLong(digits.strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("a header with the size \"" + digits + "\"", e);
    }
  }

  private static String text(byte[] block, int at, int length) {
    String field = new String(block, at, length, StandardCharsets.UTF_8);
    int end = field.indexOf('\0');
    return end < 0 ? field : field.substring(0, end);
  }

  private static void requireSum(byte[] block) throws IOException {
    if (octal(text(block, 148, 7)) != TarWriter.sum(block)) {
      throw new IOException("a header that does not match its checksum");
    }
  }

  private static boolean isEmpty(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private byte[] block() throws IOException {
    byte[] block = in.readNBytes(TarWriter.BLOCK);
    if (block.length < TarWriter.BLOCK) {
      throw new EOFException("the file ends too early");
    }
    return block;
  }

  private void skipRest() throws IOException {
    in.skipNBytes(left + padding);
    left = 0;
    padding = 0;
  }

  /// The next bytes of the present file; -1 at its end.
  int read(byte[] buffer) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
    if (n < 0) {
      throw new EOFException("the file ends too early");
    }
    left -= n;
    return n;
  }

  /// Reads what is left of the stream and finds nothing in it.
  void drain() throws IOException {
    byte[] buffer = new byte[TarWriter.BLOCK];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (!isEmpty(Arrays.copyOf(buffer, n))) {
        throw new IOException("something follows the end of the archive");
      }
    }
  }
}
