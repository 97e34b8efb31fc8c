package dev.berth.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Unpacks a tar whose names all begin with `name`, which becomes `target`: a file, or a folder
/// with what is below it.
public final class Unpacker {
  private final String name;
  private final Path target;
  private final Consumer<String> leftOut;
  private long files;

  /// @param name the first part of every name in the stream
  /// @param target what it is called here
  /// @param leftOut is told what was not unpacked, and why
  public Unpacker(String name, Path target, Consumer<String> leftOut) {
    this.name = name;
    this.target = target.toAbsolutePath().normalize();
    this.leftOut = leftOut;
  }

  /// Reads the stream to its end; the number of files that were written.
  public long unpack(InputStream stream) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(stream);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      one(tar, entry);
    }
    stream.transferTo(OutputStream.nullOutputStream()); // what pads it to a record
    return files;
  }

  private void one(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
    Optional<Path> place = place(entry.getName());
    if (place.isEmpty()) {
      leftOut.accept(entry.getName() + ": leads out of " + target);
    } else if (!isReached(place.get())) {
      leftOut.accept(entry.getName() + ": its folder is a link");
    } else if (entry.isDirectory()) {
      folder(place.get());
    } else if (entry.isSymbolicLink()) {
      link(entry, place.get());
    } else if (entry.isLink()) {
      sameAs(entry, place.get());
    } else if (isPlain(entry)) {
      file(tar, entry, place.get());
    } else {
      leftOut.accept(entry.getName() + ": is no file, folder or link");
    }
  }

  /// The library takes for a file whatever is no folder.
  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  /// Empty for what is not below the target.
  private Optional<Path> place(String entry) {
    List<String> parts = new ArrayList<>();
    for (String part : entry.split("/", -1)) {
      if (part.equals("..")) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (entry.startsWith("/") || parts.isEmpty() || !parts.getFirst().equals(name)) {
      return Optional.empty();
    }
    Path place = target;
    for (String part : parts.subList(1, parts.size())) {
      place = place.resolve(part);
    }
    return Optional.of(place);
  }

  /// Whether every folder on the way from the target is a folder, or is not there yet. What is
  /// above the target is the user's own word.
  private boolean isReached(Path place) throws IOException {
    if (place.equals(target)) {
      return true;
    }
    Path folder = target;
    for (Path part : target.relativize(place)) {
      if (!folder.equals(target) && Files.isSymbolicLink(folder)) {
        return false;
      }
      folder = folder.resolve(part);
    }
    Path parent = place.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
    return true;
  }

  private static void folder(Path place) throws IOException {
    if (Files.isSymbolicLink(place) || !Files.isDirectory(place)) {
      makeRoom(place);
      Files.createDirectories(place);
    }
  }

  private void file(TarArchiveInputStream tar, TarArchiveEntry entry, Path place)
      throws IOException {
    replace(
        place,
        beside -> {
          try (OutputStream out = Files.newOutputStream(beside)) {
            tar.transferTo(out);
          }
          Files.setPosixFilePermissions(beside, permissions(entry.getMode()));
        });
    files++;
  }

  /// Writes a file.
  private interface Writing {
    void write(Path file) throws IOException;
  }

  /// What is there gives way once the new one is whole: until then it has a name of its own, and
  /// nobody else may read it.
  private static void replace(Path place, Writing writing) throws IOException {
    requireNoFolder(place);
    Path beside = Files.createTempFile(place.toAbsolutePath().getParent(), ".berth-cp-", ".part");
    try {
      writing.write(beside);
      Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /// Without what lets a file run as somebody else.
  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] bits = PosixFilePermission.values(); // in the order of the mode's bits
    for (int i = 0; i < bits.length; i++) {
      if ((mode & (1 << (bits.length - 1 - i))) != 0) {
        all.add(bits[i]);
      }
    }
    return all;
  }

  private void link(TarArchiveEntry entry, Path place) throws IOException {
    if (!staysBelow(place, entry.getLinkName())) {
      leftOut.accept(entry.getName() + ": a link to " + entry.getLinkName() + ", out of " + target);
      return;
    }
    makeRoom(place);
    Files.createSymbolicLink(place, Path.of(entry.getLinkName()));
  }

  /// Steps up first, then down, and never above the target: a step up behind a name may leave it by
  /// way of another link.
  private boolean staysBelow(Path place, String link) {
    if (link.startsWith("/") || place.equals(target)) {
      return false;
    }
    int depth = target.relativize(place).getNameCount() - 1;
    boolean down = false;
    for (String part : link.split("/", -1)) {
      if (part.equals("..")) {
        depth--;
        if (down || depth < 0) {
          return false;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        down = true;
      }
    }
    return true;
  }

  /// A hard link: a file of the same stream once more.
  private void sameAs(TarArchiveEntry entry, Path place) throws IOException {
    Optional<Path> first = place(entry.getLinkName());
    if (first.isEmpty()
        || !isReached(first.get())
        || !Files.isRegularFile(first.get(), LinkOption.NOFOLLOW_LINKS)) {
      leftOut.accept(entry.getName() + ": a link to " + entry.getLinkName());
      return;
    }
    if (!first.get().equals(place)) {
      replace(
          place,
          beside ->
              Files.copy(
                  first.get(),
                  beside,
                  StandardCopyOption.REPLACE_EXISTING,
                  StandardCopyOption.COPY_ATTRIBUTES));
      files++;
    }
  }

  /// A file, or a link whatever it leads to, gives way; a folder that has something in it does not.
  private static void makeRoom(Path place) throws IOException {
    requireNoFolder(place);
    Files.deleteIfExists(place);
  }

  private static void requireNoFolder(Path place) throws IOException {
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(place.toString(), null, "is a folder");
    }
  }
}
