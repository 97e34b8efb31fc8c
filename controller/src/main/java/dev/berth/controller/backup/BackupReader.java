package dev.berth.controller.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// Reads a backup from its first byte to its last. What it hands over may be used only after
/// [#read] has returned: damage may show at the very end.
public final class BackupReader {
  private static final int LARGEST_TEXT = 256 << 20;

  private final Path file;
  private final Files files;
  private final Checksums found = new Checksums();
  private String at = Contents.NAME;

  /// Where the bytes of each entry go.
  @FunctionalInterface
  public interface Files {
    /// A place for the entry; the caller closes it.
    OutputStream create(String name) throws IOException;
  }

  private BackupReader(Path file, Files files) {
    this.file = file;
    this.files = files;
  }

  /// Reads everything and returns when all of it was found as its checksums say.
  ///
  /// @param in the bytes of `file`
  /// @throws IOException naming the entry that is damaged or missing
  public static Contents read(Path file, InputStream in, Files files) throws IOException {
    return new BackupReader(file, files).read(in);
  }

  private Contents read(InputStream in) throws IOException {
    try (Archive tar = new Archive(new GZIPInputStream(in, 64 * 1024))) {
      return readAll(tar);
    } catch (IOException e) {
      throw new IOException(
          "the backup "
              + file
              + " is damaged at "
              + at
              + ": "
              + e.getMessage()
              + "; nothing was changed: take another backup file",
          e);
    }
  }

  private Contents readAll(Archive tar) throws IOException {
    Contents described = first(tar);
    for (Optional<Archive.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
      at = entry.get().name();
      if (at.equals(Checksums.NAME)) {
        requireSums(Checksums.parse(text(tar, entry.get())));
        // The stream's own checksum, behind its end, covers also what lies between the entries.
        tar.requireEnd();
        return described;
      }
      found.add(at, copy(tar, at));
    }
    at = Checksums.NAME;
    throw new IOException("the last entry is missing");
  }

  private Contents first(Archive tar) throws IOException {
    Archive.Entry entry =
        tar.next()
            .filter(e -> e.name().equals(Contents.NAME))
            .orElseThrow(() -> new IOException("this is no backup of Berth"));
    byte[] json = text(tar, entry);
    found.add(Contents.NAME, HexFormat.of().formatHex(Checksums.sha256().digest(json)));
    return Contents.parse(json);
  }

  private void requireSums(Map<String, String> wanted) throws IOException {
    for (var entry : found.byName().entrySet()) {
      if (!entry.getValue().equals(wanted.get(entry.getKey()))) {
        at = entry.getKey();
        throw new IOException("its bytes do not match their checksum");
      }
    }
    for (String name : wanted.keySet()) {
      if (!found.byName().containsKey(name)) {
        at = name;
        throw new IOException("the entry is missing");
      }
    }
  }

  private String copy(Archive tar, String name) throws IOException {
    MessageDigest digest = Checksums.sha256();
    try (OutputStream out = files.create(name)) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] text(Archive tar, Archive.Entry entry) throws IOException {
    if (entry.size() > LARGEST_TEXT) {
      throw new IOException("it says that it is " + entry.size() + " bytes long");
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream((int) entry.size());
    byte[] buffer = new byte[64 * 1024];
    for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
      text.write(buffer, 0, n);
    }
    return text.toByteArray();
  }
}
