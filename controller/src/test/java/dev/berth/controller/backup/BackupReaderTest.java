package dev.berth.controller.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A backup holds plain files with plain names and ends with its checksums; anything else is
/// refused before it is believed.
class BackupReaderTest {
  private static final Contents CONTENTS = new Contents(7, Instant.EPOCH, 0, true, 0);
  private static final String LONG_NAME = "blobs/" + "a".repeat(300);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = Archive.writer(bytes);
  private final Checksums sums = new Checksums();
  private final Map<String, ByteArrayOutputStream> found = new TreeMap<>();

  private void put(String name, byte[] content) throws IOException {
    put(Archive.header(name, content.length), content);
    sums.add(name, HexFormat.of().formatHex(Checksums.sha256().digest(content)));
  }

  private void put(TarArchiveEntry entry, byte[] content) throws IOException {
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private void begin() throws IOException {
    put(Contents.NAME, CONTENTS.json());
  }

  private void end() throws IOException {
    put(Checksums.NAME, sums.text());
    tar.finish();
  }

  private Contents read(byte[] archive) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(archive);
    }
    return BackupReader.read(
        Path.of("monday.tgz"),
        new ByteArrayInputStream(zipped.toByteArray()),
        name -> found.computeIfAbsent(name, _ -> new ByteArrayOutputStream()));
  }

  private byte[] bytesOf(String name) {
    return found.getOrDefault(name, new ByteArrayOutputStream()).toByteArray();
  }

  private void assertRefused(byte[] archive, String at, String why) {
    IOException refused = assertThrows(IOException.class, () -> read(archive));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("monday.tgz is damaged at " + at + ": "), message);
    assertTrue(message.contains(why), message);
  }

  @Test
  void namesAndBytesOfAnyLengthComeBack() throws IOException {
    byte[] large = new byte[200_001];
    begin();
    put("store.db", large);
    put("node-name", new byte[0]);
    put(LONG_NAME, new byte[] {1, 2, 3});
    end();
    assertEquals(CONTENTS, read(bytes.toByteArray()));
    assertArrayEquals(large, bytesOf("store.db"));
    assertArrayEquals(new byte[] {1, 2, 3}, bytesOf(LONG_NAME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "pki/../../outside",
        "/etc/passwd",
        "pki//ca.key",
        "pki/.hidden",
        "pki/a b",
        "pki/a\nb",
        "blobs/é"
      })
  void aNameThatIsNotPlainIsRefused(String name) throws IOException {
    begin();
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    put(entry, new byte[0]);
    end();
    assertRefused(bytes.toByteArray(), Contents.NAME, "is no plain file of a backup");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_LINK,
        TarConstants.LF_SYMLINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_DIR,
        TarConstants.LF_FIFO,
        TarConstants.LF_CONTIG,
        'Z'
      })
  void whatIsNoPlainFileIsRefused(byte type) throws IOException {
    begin();
    TarArchiveEntry entry = new TarArchiveEntry("pki/ca.key", type);
    entry.setLinkName("/etc/shadow");
    put(entry, new byte[0]);
    end();
    assertRefused(bytes.toByteArray(), Contents.NAME, "is no plain file of a backup");
  }

  @Test
  void aSparseFileIsRefused() throws IOException {
    begin();
    byte[] records =
        "29 GNU.sparse.size=900000000\n26 GNU.sparse.numblocks=1\n22 GNU.sparse.map=0,0\n"
            .getBytes(StandardCharsets.US_ASCII);
    TarArchiveEntry before = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    before.setSize(records.length);
    put(before, records);
    put("pki/ca.key", new byte[0]);
    end();
    assertRefused(bytes.toByteArray(), Contents.NAME, "is no plain file of a backup");
  }

  @Test
  void aTextThatSaysItIsHugeIsRefusedBeforeItIsRead() throws IOException {
    put(Archive.header(Contents.NAME, 0), new byte[0]);
    byte[] archive = bytes.toByteArray();
    byte[] huge = new byte[TarConstants.DEFAULT_RCDSIZE];
    Archive.header(Contents.NAME, 1L << 32).writeEntryHeader(huge);
    System.arraycopy(huge, 0, archive, 0, huge.length);
    assertRefused(archive, Contents.NAME, "it says that it is 4294967296 bytes long");
  }

  @Test
  void aHeaderThatDoesNotMatchItsChecksumIsRefused() throws IOException {
    begin();
    end();
    byte[] archive = bytes.toByteArray();
    archive[1] ^= 1;
    assertRefused(archive, Contents.NAME, "checksum");
  }

  @Test
  void anArchiveThatBeginsWithSomethingElseIsNoBackup() throws IOException {
    put("store.db", new byte[3]);
    end();
    assertRefused(bytes.toByteArray(), Contents.NAME, "this is no backup of Berth");
  }

  @Test
  void anArchiveWithoutItsChecksumsIsRefused() throws IOException {
    begin();
    put("store.db", new byte[3]);
    tar.finish();
    assertRefused(bytes.toByteArray(), Checksums.NAME, "the last entry is missing");
  }

  @Test
  void anArchiveThatBreaksOffIsRefused() throws IOException {
    begin();
    put("store.db", new byte[5000]);
    byte[] archive = Arrays.copyOf(bytes.toByteArray(), 3000);
    assertRefused(archive, "store.db", "");
  }

  @Test
  void bytesThatTheChecksumsDoNotNameAreRefused() throws IOException {
    begin();
    put(Archive.header("pki/extra", 3), new byte[3]);
    end();
    assertRefused(bytes.toByteArray(), "pki/extra", "do not match their checksum");
  }

  @Test
  void anEntryThatTheChecksumsNameMustBeThere() throws IOException {
    begin();
    sums.add("pki/ca.key", "0".repeat(64));
    end();
    assertRefused(bytes.toByteArray(), "pki/ca.key", "the entry is missing");
  }

  @Test
  void anEntryAfterTheChecksumsIsRefused() throws IOException {
    begin();
    put(Checksums.NAME, sums.text());
    put("pki/late", new byte[3]);
    tar.finish();
    assertRefused(bytes.toByteArray(), Checksums.NAME, "something follows the last entry");
  }

  /// The first of the two empty records that end an archive is enough for most readers.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bytesBehindTheEndAreRefused(int records) throws IOException {
    begin();
    put(Checksums.NAME, sums.text());
    bytes.write(new byte[records * TarConstants.DEFAULT_RCDSIZE]);
    bytes.write("hidden".getBytes(StandardCharsets.US_ASCII));
    bytes.write(new byte[506]);
    assertRefused(bytes.toByteArray(), Checksums.NAME, "something follows the end");
  }
}
