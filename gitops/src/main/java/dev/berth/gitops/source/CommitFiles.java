package dev.berth.gitops.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/// The files of one commit, read out of the object database. Paths have `/` between names and none
/// at their ends; the empty path is the root. Not for two threads at once.
public final class CommitFiles implements AutoCloseable {
  /// No more files than this are looked at below one folder.
  public static final int MAX_FILES = 200_000;

  public enum Kind {
    FILE,
    EXECUTABLE,
    FOLDER,
    LINK,
    SUBMODULE
  }

  /// One name in a tree.
  ///
  /// @param id the object that holds it
  public record Entry(String path, Kind kind, String id) {
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  private final ObjectReader reader;
  private final RevCommit commit;
  private final Runnable closed;

  private CommitFiles(ObjectReader reader, RevCommit commit, Runnable closed) {
    this.reader = reader;
    this.commit = commit;
    this.closed = closed;
  }

  /// @param closed is told when nobody reads here any more
  static CommitFiles open(Repository repository, ObjectId id, Runnable closed)
      throws SourceException {
    ObjectReader reader = repository.newObjectReader();
    try {
      return new CommitFiles(reader, new RevWalk(reader).parseCommit(id), closed);
    } catch (IOException e) {
      reader.close();
      throw new SourceException(
          SourceException.FETCH_FAILED,
          "commit " + id.name() + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  public String commit() {
    return commit.getName();
  }

  /// The commit as it is stored: what a signature is over.
  public byte[] rawCommit() {
    return commit.getRawBuffer();
  }

  /// An object as it is stored, such as an annotated tag.
  public byte[] raw(String id, int mostBytes) throws IOException {
    return reader.open(ObjectId.fromString(id)).getCachedBytes(mostBytes);
  }

  public Optional<Entry> find(String path) throws IOException {
    if (path.isEmpty()) {
      return Optional.of(new Entry("", Kind.FOLDER, commit.getTree().getName()));
    }
    try (TreeWalk walk = TreeWalk.forPath(reader, path, commit.getTree())) {
      return walk == null ? Optional.empty() : Optional.of(entry(walk));
    }
  }

  /// Everything below the folder, folders before what is in them, sorted as Git sorts.
  ///
  /// @param enter which folders to look into, by path
  /// @throws IOException also where there is more than [#MAX_FILES]
  public List<Entry> list(String folder, Predicate<String> enter) throws IOException {
    Optional<Entry> found = find(folder);
    if (found.isEmpty() || found.get().kind() != Kind.FOLDER) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    String prefix = folder.isEmpty() ? "" : folder + "/";
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(ObjectId.fromString(found.get().id()));
      int seen = 0;
      while (walk.next()) {
        Entry inside = entry(walk);
        Entry entry = new Entry(prefix + inside.path(), inside.kind(), inside.id());
        if (++seen > MAX_FILES) {
          throw new IOException("more than " + MAX_FILES + " files below " + named(folder));
        }
        requireHonest(entry);
        entries.add(entry);
        if (entry.kind() == Kind.FOLDER && enter.test(entry.path())) {
          walk.enterSubtree();
        }
      }
    }
    return entries;
  }

  /// A tree made by hand can hold names that lead elsewhere when a path is put together from them.
  private static void requireHonest(Entry entry) throws IOException {
    for (String name : entry.path().split("/", -1)) {
      if (name.isEmpty()
          || name.equals(".")
          || name.equals("..")
          || name.equalsIgnoreCase(".git")
          || name.indexOf('\0') >= 0) {
        throw new IOException("the commit holds a file with the name " + entry.path());
      }
    }
  }

  static String named(String folder) {
    return folder.isEmpty() ? "the root" : folder;
  }

  private static Entry entry(TreeWalk walk) {
    return new Entry(walk.getPathString(), kind(walk.getFileMode()), walk.getObjectId(0).name());
  }

  private static Kind kind(FileMode mode) {
    if (FileMode.TREE.equals(mode)) {
      return Kind.FOLDER;
    }
    if (FileMode.SYMLINK.equals(mode)) {
      return Kind.LINK;
    }
    if (FileMode.GITLINK.equals(mode)) {
      return Kind.SUBMODULE;
    }
    return FileMode.EXECUTABLE_FILE.equals(mode) ? Kind.EXECUTABLE : Kind.FILE;
  }

  /// The size of a file in bytes, unpacked.
  public long size(Entry entry) throws IOException {
    return reader.getObjectSize(ObjectId.fromString(entry.id()), ObjectReader.OBJ_ANY);
  }

  /// A file as a whole.
  ///
  /// @throws IOException also where it is larger
  public byte[] read(Entry entry, int mostBytes) throws IOException {
    ObjectLoader loader = reader.open(ObjectId.fromString(entry.id()));
    if (loader.getSize() > mostBytes) {
      throw new IOException(
          entry.path() + " has " + loader.getSize() + " bytes, more than " + mostBytes);
    }
    return loader.getCachedBytes(mostBytes);
  }

  /// A file of any size, as a stream.
  public java.io.InputStream stream(Entry entry) throws IOException {
    return reader.open(ObjectId.fromString(entry.id())).openStream();
  }

  @Override
  public void close() {
    reader.close();
    closed.run();
  }
}
