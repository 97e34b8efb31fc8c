package dev.berth.gitops.context;

import dev.berth.api.Digest;
import dev.berth.api.script.IgnoreRules;
import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.CommitFiles.Entry;
import dev.berth.gitops.source.CommitFiles.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Packs one folder of a commit into a gzipped tar: names sorted, times and owners zero, modes as
/// Git has them.
final class CommitPacker {
  private static final int SMALL = 1 << 20;
  private static final byte[] LFS =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.UTF_8);

  private final CommitFiles files;
  private final String folder;
  private final String script;
  private final long mostBytes;

  /// @param script relative to the folder
  /// @param mostBytes of all files together, unpacked
  CommitPacker(CommitFiles files, String folder, String script, long mostBytes) {
    this.files = files;
    this.folder = folder;
    this.script = script;
    this.mostBytes = mostBytes;
  }

  /// Writes the archive and answers its digest.
  Digest pack(Path target) throws IOException {
    SortedMap<String, Entry> entries = entries();
    if (!entries.containsKey(script)) {
      throw new IOException(
          at(script) + " is not in the commit: name it in build.containerScript, or push it");
    }
    MessageDigest digest = sha256();
    try (OutputStream file =
            new DigestOutputStream(
                new BufferedOutputStream(Files.newOutputStream(target)), digest);
        TarArchiveOutputStream tar = tarOf(new GZIPOutputStream(file))) {
      for (Map.Entry<String, Entry> entry : entries.entrySet()) {
        add(tar, entry.getKey(), entry.getValue());
      }
    }
    return Digest.parse("sha256:" + HexFormat.of().formatHex(digest.digest()));
  }

  private String at(String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private SortedMap<String, Entry> entries() throws IOException {
    IgnoreRules rules = rules();
    SortedMap<String, Entry> found = new TreeMap<>();
    long bytes = 0;
    for (Entry entry : files.list(folder, path -> enters(rules, name(path)))) {
      String name = name(entry.path());
      boolean ignored = rules.ignores(name);
      if (entry.kind() == Kind.FOLDER && !ignored) {
        found.put(name + "/", entry);
      } else if (entry.kind() != Kind.FOLDER && (!ignored || isAlwaysNeeded(name))) {
        if (entry.kind() == Kind.SUBMODULE) {
          throw new IOException(
              entry.path()
                  + " is a submodule, whose files are not fetched: put it into"
                  + " .dockerignore, or its files into this repository");
        }
        found.put(name, entry);
        bytes += files.size(entry);
        if (bytes > mostBytes) {
          throw new IOException("the context " + at("") + " is larger than spec.maxSize");
        }
      }
    }
    return found;
  }

  private boolean enters(IgnoreRules rules, String name) {
    return !rules.ignores(name) || rules.mayLetInBelow(name) || script.startsWith(name + "/");
  }

  private String name(String path) {
    return folder.isEmpty() ? path : path.substring(folder.length() + 1);
  }

  /// A rules file named after the script wins, so that two scripts can share a folder.
  private IgnoreRules rules() throws IOException {
    for (String name : List.of(script + ".dockerignore", ".dockerignore")) {
      Optional<Entry> entry = files.find(at(name)).filter(CommitPacker::isFile);
      if (entry.isPresent()) {
        return IgnoreRules.parse(
            name, new String(files.read(entry.get(), SMALL), StandardCharsets.UTF_8));
      }
    }
    return IgnoreRules.NONE;
  }

  private static boolean isFile(Entry entry) {
    return entry.kind() == Kind.FILE || entry.kind() == Kind.EXECUTABLE;
  }

  /// The builder needs the script and the rules themselves, whatever the rules say.
  private boolean isAlwaysNeeded(String name) {
    return name.equals(script)
        || name.equals(".dockerignore")
        || name.equals(script + ".dockerignore");
  }

  private static TarArchiveOutputStream tarOf(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  private void add(TarArchiveOutputStream tar, String name, Entry entry) throws IOException {
    tar.putArchiveEntry(header(name, entry));
    if (isFile(entry)) {
      try (InputStream content = files.stream(entry)) {
        byte[] head = content.readNBytes(LFS.length);
        if (java.util.Arrays.equals(head, LFS)) {
          throw new IOException(
              entry.path()
                  + " is kept in Git LFS, which is not fetched: keep it in Git, or load it"
                  + " in the container script");
        }
        tar.write(head);
        content.transferTo(tar);
      }
    }
    tar.closeArchiveEntry();
  }

  private TarArchiveEntry header(String name, Entry entry) throws IOException {
    TarArchiveEntry header;
    if (entry.kind() == Kind.LINK) {
      header = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      header.setLinkName(new String(files.read(entry, SMALL), StandardCharsets.UTF_8));
    } else {
      header = new TarArchiveEntry(name);
      header.setSize(isFile(entry) ? files.size(entry) : 0);
    }
    header.setMode(mode(entry.kind()));
    header.setModTime(0L);
    header.setIds(0, 0);
    header.setNames("", "");
    return header;
  }

  private static int mode(Kind kind) {
    return switch (kind) {
      case FILE -> 0644;
      case EXECUTABLE, FOLDER -> 0755;
      case LINK, SUBMODULE -> 0777;
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
