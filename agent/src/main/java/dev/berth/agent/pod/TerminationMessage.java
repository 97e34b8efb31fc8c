package dev.berth.agent.pod;

import dev.berth.agent.container.Bind;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The file in which a container may say why it ended (kubernetes.io: "Customizing the termination
/// message"): one for each attempt, beside the attempt's state directory, bound to the path that
/// the container names. Everybody in the container may write to it, and nobody can put another file
/// in its place.
record TerminationMessage(Path file) {
  /// What of it is told, in bytes.
  private static final int LARGEST = 4096;

  private static final int ALL_WRITE = 0666;

  static TerminationMessage of(PodHost host, String uid, String container, int attempt) {
    return new TerminationMessage(
        host.podDir(uid).resolve(container).resolve(attempt + ".message"));
  }

  /// Makes the file, empty; nothing for a container that has no path for it.
  List<Bind> bind(Syscalls sys, ContainerWish wish) {
    String path = Json.text(wish.tree(), "terminationMessagePath");
    if (path.isEmpty()) {
      return List.of();
    }
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[0]);
      sys.fchmodat(Linux.AT_FDCWD, file.toString(), ALL_WRITE);
      return List.of(new Bind(file, path, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the termination message of " + wish.name(), e);
    }
  }

  /// What the container has written, or else `otherwise`.
  String read(String otherwise) {
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
      return text.isEmpty() ? otherwise : text;
    } catch (IOException e) {
      return otherwise; // it has none
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
