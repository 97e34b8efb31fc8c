package dev.berth.agent.image;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Turns an image's `USER` into numbers through the image's own passwd and group files. These are
/// read below the layer's root only, and only as regular files: a link to the host's passwd finds
/// nothing.
public final class Accounts {
  private static final int MAX_FILE = 1 << 20;
  private final Syscalls sys;
  private final List<Path> layers;

  /// The accounts of one image.
  ///
  /// @param layers uppermost first; the first that has the file decides
  public Accounts(Syscalls sys, List<Path> layers) {
    this.sys = sys;
    this.layers = List.copyOf(layers);
  }

  public record Account(int uid, int gid, List<Integer> groups, String home) {}

  /// `user`, `uid`, `user:group`, `uid:gid`; empty means root.
  public Account resolve(String spec) {
    String[] parts = spec.split(":", 2);
    String user = parts[0].isEmpty() ? "0" : parts[0];
    Optional<String[]> entry =
        lines("etc/passwd").stream()
            .filter(f -> f.length >= 6 && (f[0].equals(user) || f[2].equals(user)))
            .findFirst();
    int uid =
        entry
            .map(f -> f[2])
            .flatMap(Accounts::number)
            .or(() -> number(user))
            .orElseThrow(
                () -> new ImageException("user " + user + " is not in the image's /etc/passwd"));
    int gid = parts.length == 2 ? group(parts[1]) : entry.flatMap(f -> number(f[3])).orElse(0);
    List<Integer> groups =
        parts.length == 2 || entry.isEmpty() ? List.of() : supplementary(entry.get()[0]);
    return new Account(
        uid,
        gid,
        groups,
        entry.map(f -> f[5]).filter(h -> !h.isEmpty()).orElse(uid == 0 ? "/root" : "/"));
  }

  public int group(String group) {
    return number(group)
        .or(
            () ->
                lines("etc/group").stream()
                    .filter(f -> f.length >= 3 && f[0].equals(group))
                    .findFirst()
                    .flatMap(f -> number(f[2])))
        .orElseThrow(
            () -> new ImageException("group " + group + " is not in the image's /etc/group"));
  }

  private List<Integer> supplementary(String user) {
    return lines("etc/group").stream()
        .filter(f -> f.length >= 4 && List.of(f[3].split(",", -1)).contains(user))
        .flatMap(f -> number(f[2]).stream())
        .distinct()
        .toList();
  }

  private static Optional<Integer> number(String text) {
    try {
      int n = Integer.parseInt(text);
      return n < 0 ? Optional.empty() : Optional.of(n);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private List<String[]> lines(String file) {
    return layers.stream()
        .flatMap(l -> read(l, file).stream())
        .findFirst()
        .orElse("")
        .lines()
        .map(l -> l.split(":", -1))
        .toList();
  }

  private Optional<String> read(Path layer, String file) {
    int root =
        sys.openat(
            Linux.AT_FDCWD,
            layer.toString(),
            Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
            0);
    try {
      int fd =
          sys.openat2(
              root,
              file,
              Linux.O_RDONLY | Linux.O_NONBLOCK | Linux.O_CLOEXEC,
              0,
              Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS);
      try {
        boolean regular = sys.lstatat(fd, "").map(s -> s.type() == Linux.S_IFREG).orElse(false);
        return regular
            ? Optional.of(new String(sys.pread(fd, MAX_FILE, 0), StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        sys.close(fd);
      }
    } catch (ErrnoException e) {
      return Optional.empty();
    } finally {
      sys.close(root);
    }
  }
}
