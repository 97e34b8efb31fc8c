package dev.berth.agent.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.api.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that try to write outside of their directory.
class LayerUnpackerIT {
  @TempDir Path dir;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = LayerPacker.open(bytes);

  @BeforeEach
  void needsRoot() throws IOException {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      System.err.println("SKIPPED: unpacking keeps owners and makes whiteouts, which needs root");
    }
    Assumptions.assumeTrue(root, "needs root");
    Files.createDirectory(dir.resolve("layer"));
    Files.createDirectory(dir.resolve("outside"));
  }

  private void link(String name, String target, byte type) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void file(String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /// What the archive gives to all of its entries is copied for each of them.
  @Test
  void anEntryWithThousandsOfAttributesIsRefused() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("a", true);
    for (int i = 0; i < 1000; i++) {
      entry.addPaxHeader("x" + i, "y");
    }
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    IOException e = assertThrows(IOException.class, this::unpack);
    assertTrue(String.valueOf(e.getMessage()).contains("500 attributes"), e.getMessage());
  }

  @Test
  void aGlobalHeaderThatGivesAllEntriesThousandsOfAttributesIsRefused() throws IOException {
    TarArchiveEntry global =
        new TarArchiveEntry("pax_global_header", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
    for (int i = 0; i < 3000; i++) {
      global.addPaxHeader("x" + i, "y");
    }
    tar.putArchiveEntry(global);
    file("a", "x");
    IOException e = assertThrows(IOException.class, this::unpack);
    assertTrue(String.valueOf(e.getMessage()).contains("500 attributes"), e.getMessage());
  }

  @Test
  void moreFilesThanTheBoundAreRefused() throws IOException {
    for (int i = 0; i <= 100; i++) {
      file("f" + i, "");
    }
    IOException e = assertThrows(IOException.class, this::unpack);
    assertTrue(String.valueOf(e.getMessage()).contains("entries"), e.getMessage());
  }

  private Digest unpack() throws IOException {
    tar.finish();
    return new LayerUnpacker(new JnaSyscalls(), new LayerUnpacker.Bounds(1000, 100))
        .unpack(new ByteArrayInputStream(bytes.toByteArray()), dir.resolve("layer"));
  }

  @Test
  void theDigestIsThatOfTheWholeArchive() throws IOException {
    file("a", "x");
    assertEquals(Digest.sha256(bytes.toByteArray()).algorithm(), unpack().algorithm());
  }

  @Test
  void aParentThatIsALinkStaysInside() throws IOException {
    link("out", dir.resolve("outside").toString(), TarConstants.LF_SYMLINK);
    file("out/evil", "x");
    unpackOrRefuse();
    assertFalse(Files.exists(dir.resolve("outside/evil")));
  }

  private void unpackOrRefuse() throws IOException {
    try {
      unpack();
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("unpack"));
    }
  }

  private void directory(String name, long seconds) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_DIR);
    entry.setModTime(seconds * 1000);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  @Test
  void aLinkInThePlaceOfADirectoryGivesNothingOutsideItsTime() throws IOException {
    Path victim = Files.createDirectory(dir.resolve("outside/below"));
    Object before = Files.getLastModifiedTime(victim);
    directory("a", 7);
    directory("a/below", 7);
    directory("kept", 7);
    link("a", dir.resolve("outside").toString(), TarConstants.LF_SYMLINK);
    unpack();
    assertEquals(before, Files.getLastModifiedTime(victim));
    assertEquals(7, Files.getLastModifiedTime(dir.resolve("layer/kept")).toMillis() / 1000);
  }

  @Test
  void twoDotsAreRefused() throws IOException {
    file("a/../../outside/evil", "x");
    assertThrows(IOException.class, this::unpack);
  }

  @Test
  void aHardLinkToTheHostIsNotMade() throws IOException {
    Files.writeString(dir.resolve("outside/secret"), "s");
    link("up", dir.resolve("outside").toString(), TarConstants.LF_SYMLINK);
    link("stolen", "up/secret", TarConstants.LF_LINK);
    unpackOrRefuse();
    assertFalse(Files.exists(dir.resolve("layer/stolen"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aFileReplacesALinkInsteadOfWritingThroughIt() throws IOException {
    Files.writeString(dir.resolve("outside/target"), "old");
    link("f", dir.resolve("outside/target").toString(), TarConstants.LF_SYMLINK);
    file("f", "new");
    unpack();
    assertEquals("old", Files.readString(dir.resolve("outside/target")));
    assertEquals("new", Files.readString(dir.resolve("layer/f")));
  }

  @Test
  void aNameWithoutEndIsNotReadIntoMemory() throws IOException {
    TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    byte[] content = new byte[4 << 20];
    java.util.Arrays.fill(content, (byte) 'n');
    name.setSize(content.length);
    tar.putArchiveEntry(name);
    tar.write(content);
    tar.closeArchiveEntry();
    IOException e = assertThrows(IOException.class, this::unpack);
    assertTrue(String.valueOf(e.getMessage()).contains("a header of more than"), e.getMessage());
  }

  @Test
  void aBombIsCutShort() throws IOException {
    file("big", "x".repeat(1001));
    assertThrows(IOException.class, this::unpack);
  }

  @Test
  void devicesAreLeftOut() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("disk", TarConstants.LF_BLK);
    entry.setDevMajor(254);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    unpack();
    assertFalse(Files.exists(dir.resolve("layer/disk"), LinkOption.NOFOLLOW_LINKS));
  }
}
