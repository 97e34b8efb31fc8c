package dev.berth.cli.pack;

import dev.berth.api.script.IgnoreRules;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Packs a folder into a gzipped tar: names sorted, times and owners zero, modes kept.
public final class ContextPacker {
  private final Path root;
  private final String script;
  private final IgnoreRules rules;

  public ContextPacker(Path root, String script) throws IOException {
    this.root = root;
    this.script = script;
    this.rules = rulesOf(root, script);
  }

  /// Writes the archive to `target` and tells what went in.
  public PackedContext pack(Path target) throws IOException {
    SortedMap<String, Path> entries = entries();
    MessageDigest digest = sha256();
    long files = entries.values().stream().filter(Files::isRegularFile).count();
    try (OutputStream file =
            new DigestOutputStream(
                new BufferedOutputStream(Files.newOutputStream(target)), digest);
        TarArchiveOutputStream tar = tarOf(new GZIPOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        add(tar, entry.getKey(), entry.getValue());
      }
    }
    return new PackedContext(
        target, "sha256:" + HexFormat.of().formatHex(digest.digest()), Files.size(target), files);
  }

  /// The names that go in: files, and folders with a slash at the end.
  public SortedSet<String> names() throws IOException {
    return new TreeSet<>(entries().keySet());
  }

  /// The line that keeps this name out, with the file it stands in: `.dockerignore:2 (*.bin)`.
  public Optional<String> hiding(String name) {
    return rules
        .hiding(name)
        .map(
            line ->
                rulesFile(root, script).orElse("")
                    + ":"
                    + line.number()
                    + " ("
                    + line.text()
                    + ")");
  }

  private static IgnoreRules rulesOf(Path root, String script) throws IOException {
    Optional<String> file = rulesFile(root, script);
    return file.isPresent()
        ? IgnoreRules.parse(file.get(), Files.readString(root.resolve(file.get())))
        : IgnoreRules.NONE;
  }

  /// A rules file named after the script wins, so that two scripts can share a folder.
  private static Optional<String> rulesFile(Path root, String script) {
    return Stream.of(script + ".dockerignore", ".dockerignore")
        .filter(name -> Files.isRegularFile(root.resolve(name)))
        .findFirst();
  }

  private SortedMap<String, Path> entries() throws IOException {
    SortedMap<String, Path> found = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = name(folder);
            if (name.isEmpty()) {
              return FileVisitResult.CONTINUE;
            }
            boolean ignored = rules.ignores(name);
            if (!ignored) {
              found.put(name + "/", folder);
            }
            return ignored && !rules.mayLetInBelow(name) && !script.startsWith(name + "/")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(file);
            if (!rules.ignores(name) || alwaysNeeded(name)) {
              found.put(name, file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /// The builder needs the script and the rules themselves, whatever the rules say.
  private boolean alwaysNeeded(String name) {
    return name.equals(script)
        || name.equals(".dockerignore")
        || name.equals(script + ".dockerignore");
  }

  private String name(Path path) {
    return root.relativize(path).toString();
  }

  private static TarArchiveOutputStream tarOf(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  private static void add(TarArchiveOutputStream tar, String name, Path path) throws IOException {
    TarArchiveEntry entry = header(name, path);
    tar.putArchiveEntry(entry);
    if (entry.getSize() > 0) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry header(String name, Path path) throws IOException {
    TarArchiveEntry entry;
    if (Files.isSymbolicLink(path)) {
      entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      entry = new TarArchiveEntry(name);
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      entry = new TarArchiveEntry(name);
      entry.setSize(Files.size(path));
    } else {
      throw new IOException(
          name
              + " is neither a file, a folder nor a link: a context cannot hold it; name it in"
              + " .dockerignore");
    }
    entry.setMode(Files.isSymbolicLink(path) ? 0777 : mode(path));
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }

  private static int mode(Path path) throws IOException {
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return ((Integer) mode) & 0777;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
