package dev.berth.cli.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextPackerTest {
  @TempDir Path temp;

  @Test
  void sameFilesGiveTheSameBytesWhateverTheirTimesAndOrder() throws IOException {
    Path one = folder("one", "b.txt", "a/c.txt", "Dockerfile");
    Path two = folder("two", "Dockerfile", "a/c.txt", "b.txt");
    Files.setLastModifiedTime(two.resolve("b.txt"), FileTime.fromMillis(86_400_000));

    assertEquals(pack(one).digest(), pack(two).digest());
  }

  @Test
  void contentAndModeAreInTheDigest() throws IOException {
    Path folder = folder("f", "Dockerfile", "run.sh");
    String before = pack(folder).digest();
    Files.setPosixFilePermissions(
        folder.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertNotEquals(before, pack(folder).digest());
  }

  @Test
  void namesAreSortedTimesAndOwnersZero() throws IOException {
    Path folder = folder("f", "z", "a/b", "Dockerfile");
    List<TarArchiveEntry> entries = entries(pack(folder));

    assertEquals(
        List.of("Dockerfile", "a/", "a/b", "z"),
        entries.stream().map(TarArchiveEntry::getName).toList());
    entries.forEach(
        entry ->
            assertEquals(
                0,
                entry.getLastModifiedTime().toMillis()
                    + entry.getLongUserId()
                    + entry.getLongGroupId()));
  }

  @Test
  void ignoredFilesStayOutButTheScriptIsAlwaysThere() throws IOException {
    Path folder = folder("f", "Dockerfile", "secret", "sub/keep", "sub/drop");
    Files.writeString(folder.resolve(".dockerignore"), "*\n!sub/keep\n");

    assertEquals(
        List.of(".dockerignore", "Dockerfile", "sub/keep"),
        entries(pack(folder)).stream().map(TarArchiveEntry::getName).toList());
  }

  @Test
  void aLinkIsPackedAsALink() throws IOException {
    Path folder = folder("f", "Dockerfile");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));

    TarArchiveEntry link = entries(pack(folder)).getLast();
    assertEquals("/etc/passwd", link.getLinkName());
    assertEquals(0, link.getSize());
  }

  @Test
  void aPipeIsRefusedByName() throws IOException, InterruptedException {
    Path folder = folder("f", "Dockerfile");
    assertEquals(
        0, new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor());

    IOException refused = assertThrows(IOException.class, () -> pack(folder));
    assertEquals(
        "pipe is neither a file, a folder nor a link: a context cannot hold it; name it in"
            + " .dockerignore",
        refused.getMessage());
  }

  private PackedContext pack(Path folder) throws IOException {
    return new ContextPacker(folder, "Dockerfile")
        .pack(Files.createTempFile(temp, "context", ".tar.gz"));
  }

  private Path folder(String name, String... files) throws IOException {
    Path folder = temp.resolve(name);
    for (String file : files) {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "content of " + file);
    }
    return folder;
  }

  private static List<TarArchiveEntry> entries(PackedContext packed) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(packed.archive())))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }
}
