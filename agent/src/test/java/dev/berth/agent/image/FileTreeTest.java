package dev.berth.agent.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir Path dir;

  @Test
  void linksGoAndWhatTheyPointAtStays() throws IOException {
    Path outside = Files.createDirectory(dir.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Path tree = Files.createDirectories(dir.resolve("tree/a/b"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
    Files.writeString(tree.resolve("file"), "x");
    FileTree.delete(dir.resolve("tree"));
    assertFalse(Files.exists(dir.resolve("tree"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(outside.resolve("kept")));
  }

  @Test
  void aLinkAsTheRootIsRemovedItself() throws IOException {
    Path outside = Files.createDirectories(dir.resolve("outside/below"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("outside"));
    FileTree.delete(link);
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(outside));
    FileTree.delete(link);
  }

  /// Entry by entry, while the directory is being read.
  @Test
  void aDirectoryOfManyEntriesIsRemoved() throws IOException {
    Path tree = Files.createDirectory(dir.resolve("tree"));
    for (int i = 0; i < 5000; i++) {
      Files.createFile(tree.resolve("file" + i));
      if (i % 10 == 0) {
        Files.createFile(Files.createDirectory(tree.resolve("dir" + i)).resolve("below"));
      }
    }
    FileTree.delete(tree);
    assertFalse(Files.exists(tree));
  }

  /// A container does this with `mkdir x; cd x` in a loop.
  @Test
  void aTreeWhosePathsAreTooLongForAnyCallIsRemoved() throws Exception {
    Path tree = Files.createDirectory(dir.resolve("tree"));
    String name = "n".repeat(200);
    Process deep =
        new ProcessBuilder(
                "sh",
                "-c",
                "i=0; while [ $i -lt 300 ]; do mkdir $0 && cd -P ./$0 || exit 1; i=$((i+1)); done;"
                    + " : > file",
                name)
            .directory(tree.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(deep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, deep.waitFor(), said);
    FileTree.delete(tree);
    assertFalse(Files.exists(tree));
  }
}
