package dev.berth.cli.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit makes them
class UnpackerTest {
  @TempDir Path temp;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
  private final List<String> leftOut = new ArrayList<>();
  private Path target;

  @BeforeEach
  void makeTarget() {
    target = temp.resolve("goal");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  private void file(String name, String text) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    entry.setSize(content.length);
    entry.setMode(0104755);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private void other(String name, byte type, String link) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(link);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void link(String name, String to) throws IOException {
    other(name, TarConstants.LF_SYMLINK, to);
  }

  private long unpack() throws IOException {
    tar.finish();
    return new Unpacker("src", target, leftOut::add)
        .unpack(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private List<String> inTemp() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      return all.filter(Files::isRegularFile).map(p -> temp.relativize(p).toString()).toList();
    }
  }

  @Test
  void namesThatLeadOutAreLeftOut() throws IOException {
    file("src/../../evil", "x");
    file("../evil", "x");
    file("/etc/evil", "x");
    file("another/evil", "x");
    file("src/./good", "1");
    assertEquals(1, unpack());
    assertEquals(List.of("goal/good"), inTemp());
    assertEquals(4, leftOut.size(), leftOut.toString());
  }

  @Test
  void aFileIsNotWrittenThroughALink() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    link("src/a", "../outside");
    link("src/b", outside.toString());
    link("src/c", ".");
    link("src/c/d", "..");
    link("src/e", "c/../..");
    file("src/a/evil", "x");
    file("src/c/evil", "x");
    file("src/f", "1");
    assertEquals(2, unpack(), leftOut.toString());
    assertEquals(List.of("goal/a/evil", "goal/f"), inTemp().stream().sorted().toList());
    assertFalse(Files.exists(target.resolve("b"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(target.resolve("e"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(leftOut.stream().anyMatch(said -> said.equals("src/c/d: its folder is a link")));
  }

  @Test
  void aLinkThatIsThereGivesWayToTheFile() throws IOException {
    Path precious = Files.writeString(temp.resolve("precious"), "kept");
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("f"), precious);
    file("src/f", "new");
    unpack();
    assertEquals("kept", Files.readString(precious));
    assertEquals("new", Files.readString(target.resolve("f")));
  }

  @Test
  void whatIsThereStaysWhereTheNewOneDoesNotComeWhole() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("f"), "old");
    file("src/f", "x".repeat(100_000));
    tar.finish();
    byte[] torn = Arrays.copyOf(bytes.toByteArray(), 50_000);
    Unpacker unpacker = new Unpacker("src", target, leftOut::add);
    assertThrows(IOException.class, () -> unpacker.unpack(new ByteArrayInputStream(torn)));
    assertEquals(List.of("goal/f"), inTemp());
    assertEquals("old", Files.readString(target.resolve("f")));
  }

  @Test
  void hardLinksAreFilesOfTheSameStream() throws IOException {
    Files.writeString(temp.resolve("secret"), "s");
    file("src/f", "1");
    other("src/g", TarConstants.LF_LINK, "src/f");
    other("src/h", TarConstants.LF_LINK, "../secret");
    other("src/i", TarConstants.LF_FIFO, "");
    assertEquals(2, unpack());
    assertEquals("1", Files.readString(target.resolve("g")));
    assertEquals(2, leftOut.size(), leftOut.toString());
  }

  @Test
  void nothingRunsAsSomebodyElse() throws IOException {
    file("src", "1");
    unpack();
    assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    assertEquals(0104755 & 0777, 0777 & (int) Files.getAttribute(target, "unix:mode"));
    assertEquals(0, 07000 & (int) Files.getAttribute(target, "unix:mode"));
  }

  @Test
  void whatIsPackedIsUnpackedAsItWas() throws IOException {
    Path source = Files.createDirectories(temp.resolve("from/deep/é"));
    Files.writeString(source.resolve("x".repeat(150)), "1");
    Files.createSymbolicLink(temp.resolve("from/link"), Path.of("deep"));
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    assertEquals(1, new Packer(temp.resolve("from"), "src").pack(stream));
    long files =
        new Unpacker("src", target, leftOut::add)
            .unpack(new ByteArrayInputStream(stream.toByteArray()));
    assertEquals(1, files);
    assertEquals("1", Files.readString(target.resolve("deep/é").resolve("x".repeat(150))));
    assertEquals(Path.of("deep"), Files.readSymbolicLink(target.resolve("link")));
    assertEquals(List.of(), leftOut);
  }
}
