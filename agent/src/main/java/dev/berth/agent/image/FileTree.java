package dev.berth.agent.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/// Removal of a tree that somebody else may have shaped: links are removed, never followed, also
/// when somebody swaps them meanwhile; and nesting makes no path too long, since every step goes
/// from an open directory to its entry. What is nested deeper than [#DEEPEST] is moved up and
/// removed from there.
public final class FileTree {
  private static final int DEEPEST = 64;
  private static final String MOVED = ".removed-";

  private final SecureDirectoryStream<Path> top;
  private int moved;

  private FileTree(SecureDirectoryStream<Path> top) {
    this.top = top;
  }

  /// Removes the file or the tree; one that is gone is no error. Throws an [UncheckedIOException]
  /// with the name of the root.
  public static void delete(Path root) {
    try {
      if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
        clear(root);
      }
      Files.deleteIfExists(root);
    } catch (NoSuchFileException e) {
      // gone already
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + root, e);
    }
  }

  /// Again as long as something was moved up.
  private static void clear(Path root) throws IOException {
    int moved;
    do {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        FileTree tree = new FileTree((SecureDirectoryStream<Path>) entries);
        tree.clear(tree.top, 0);
        moved = tree.moved;
      }
    } while (moved > 0);
  }

  /// Entry by entry, never all names at once: a container can make more of them than fit into
  /// memory. POSIX lets a directory that is being read lose the entries that were read
  /// (readdir(3)).
  private void clear(SecureDirectoryStream<Path> dir, int depth) throws IOException {
    try {
      for (Path entry : dir) {
        try {
          remove(dir, entry.getFileName(), depth);
        } catch (NoSuchFileException e) {
          // somebody else was faster
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void remove(SecureDirectoryStream<Path> dir, Path name, int depth) throws IOException {
    boolean directory =
        dir.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes()
            .isDirectory();
    if (!directory) {
      dir.deleteFile(name);
    } else if (!removedEmpty(dir, name)) {
      if (depth >= DEEPEST) {
        dir.move(name, top, free());
        moved++;
      } else {
        try (SecureDirectoryStream<Path> below =
            dir.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          clear(below, depth + 1);
        }
        dir.deleteDirectory(name);
      }
    }
  }

  private static boolean removedEmpty(SecureDirectoryStream<Path> dir, Path name)
      throws IOException {
    try {
      dir.deleteDirectory(name);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /// A name that the top does not have.
  private Path free() throws IOException {
    for (int i = moved; ; i++) {
      Path name = Path.of(MOVED + i);
      try {
        top.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
      } catch (NoSuchFileException e) {
        return name;
      }
    }
  }
}
