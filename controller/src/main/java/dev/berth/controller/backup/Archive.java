package dev.berth.controller.backup;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The tar inside a backup: plain files and nothing else. Links, devices and names that lead out of
/// the archive have no business in a backup and are refused.
///
/// One thread; closes what it is given.
final class Archive implements Closeable {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]*(/[A-Za-z0-9_][A-Za-z0-9_.:-]*)*");
  private static final int RECORD = TarConstants.DEFAULT_RCDSIZE;

  /// Able to look one record ahead: without that what stands between the two records that end an
  /// archive would pass unseen.
  private final BufferedInputStream in;

  private final TarArchiveInputStream tar;

  /// A file; its bytes are read with [#read] before the next one.
  ///
  /// @param size in bytes
  record Entry(String name, long size) {}

  /// @param in the tar, no longer compressed
  Archive(InputStream in) {
    this.in = new BufferedInputStream(in, 64 * 1024);
    this.tar =
        new TarArchiveInputStream(this.in, RECORD, RECORD, StandardCharsets.UTF_8.name(), false);
  }

  /// The next file; empty at the end of the archive.
  ///
  /// @throws IOException when the next entry is damaged or is no plain file with a harmless name
  Optional<Entry> next() throws IOException {
    TarArchiveEntry entry = tar.getNextEntry();
    if (entry == null) {
      return Optional.empty();
    }
    if (!entry.isCheckSumOK()) {
      throw new IOException("a header that does not match its checksum");
    }
    if (!isPlain(entry)) {
      throw new IOException("entry \"" + entry.getName() + "\" is no plain file of a backup");
    }
    return Optional.of(new Entry(entry.getName(), entry.getSize()));
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.getLinkFlag() == TarConstants.LF_NORMAL
        && !entry.isSparse()
        && entry.getSize() >= 0
        && NAME.matcher(entry.getName()).matches();
  }

  /// The next bytes of the present file; -1 at its end.
  int read(byte[] buffer) throws IOException {
    return tar.read(buffer);
  }

  /// Reads what is left of the stream and finds nothing in it.
  void requireEnd() throws IOException {
    if (next().isPresent()) {
      throw new IOException("something follows the last entry");
    }
    byte[] buffer = new byte[RECORD];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] != 0) {
          throw new IOException("something follows the end of the archive");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /// A tar that can hold any name and size.
  static TarArchiveOutputStream writer(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    return tar;
  }

  /// The header of a file that only its owner may read; the same bytes make the same header.
  static TarArchiveEntry header(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
    entry.setSize(size);
    entry.setMode(0600);
    entry.setModTime(0);
    return entry;
  }
}
