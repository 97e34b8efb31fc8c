package dev.berth.agent.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Last verb: the cgroup and the state directory of a container that has ended. Deleting twice is
/// no error.
final class DeleteContainer {
  private static final Logger log = LoggerFactory.getLogger(DeleteContainer.class);
  private final Machine machine;

  DeleteContainer(Machine machine) {
    this.machine = machine;
  }

  void delete(String cgroup, Path dir) {
    machine.cgroups().existing(cgroup).remove();
    tree(dir);
  }

  /// Never follows a link: what the container made may point anywhere.
  static void tree(Path dir) {
    try {
      Files.walkFileTree(
          dir,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // gone already
    } catch (IOException e) {
      log.atWarn().addKeyValue("dir", dir).setCause(e).log("cannot remove a container's files");
    }
  }
}
