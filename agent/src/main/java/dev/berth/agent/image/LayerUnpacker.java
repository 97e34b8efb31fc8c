package dev.berth.agent.image;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.linux.Syscalls.Stat;
import dev.berth.api.Digest;
import dev.berth.api.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/// Unpacks a layer's tar into a directory, in the form that overlay reads: a whiteout becomes a 0:0
/// device, an opaque directory the attribute `trusted.overlay.opaque`.
///
/// The archive is hostile. Each entry's parent is opened with openat2 below the directory, so that
/// links already unpacked lead nowhere else; the last component is made by *at calls that never
/// follow. `..` is refused by name. Device nodes are left out, since nothing in a container may
/// reach a device that we did not give it. Bytes and entries are bounded.
public final class LayerUnpacker {
  /// Characters of somebody else's words that a message repeats.
  private static final int QUOTED = 200;

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String XATTR = "SCHILY.xattr.";
  private static final long RESOLVE = Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS;

  /// How much an archive may become; an archive that is larger is a bomb or a mistake.
  public record Bounds(long bytes, long entries) {
    public static Bounds generous() {
      return new Bounds(200L << 30, 4_000_000);
    }
  }

  private static final long SUSPICIOUS = 1L << 30;
  private static final long MAX_RATIO = 200;

  private static final int MAX_PATH = 2048;

  /// Bytes that all directories together may take in memory, where each is held until the end; a
  /// short name costs about as much as a hundred characters.
  private static final long MAX_DIRECTORIES = 32 << 20;

  private static final int DIRECTORY = 100;

  /// Attributes of one entry, those that the archive gives to all of its entries included.
  private static final int MAX_ATTRIBUTES = 500;

  private static final int MAX_COMPONENTS = 256;

  private final Syscalls sys;
  private final Bounds bounds;
  private final boolean plain;
  private final byte[] buffer = new byte[256 * 1024];
  private final LinkedHashMap<String, Long> directories = new LinkedHashMap<>();
  private long remembered;
  private int root = -1;
  private int parent = -1;
  private String parentPath = "";
  private Counted archive = new Counted(InputStream.nullInputStream());
  private long bytes;
  private long entries;

  LayerUnpacker(Syscalls sys, Bounds bounds) {
    this(sys, bounds, false);
  }

  private LayerUnpacker(Syscalls sys, Bounds bounds, boolean plain) {
    this.sys = sys;
    this.bounds = bounds;
    this.plain = plain;
  }

  /// For archives that are files and no layers, into trees that are in use: whiteouts are ordinary
  /// names, a directory goes through a link that is there already, and no directory gives way to a
  /// file.
  public static LayerUnpacker plain(Syscalls sys) {
    return new LayerUnpacker(sys, Bounds.generous(), true);
  }

  /// Decompresses and unpacks; returns the digest of the whole uncompressed archive. What the
  /// archive says of itself is shown to people, so every message leaves here fit to be shown.
  public Digest unpack(InputStream packed, Path into) throws IOException {
    archive = new Counted(packed);
    try {
      return unpackTar(Compression.open(archive), into);
    } catch (IOException | RuntimeException e) {
      throw new IOException(said(decided(e)), e);
    }
  }

  /// Bytes that were changed on the way make no sense as an archive either: the stream's own check
  /// at its end knows better what went wrong.
  private Exception decided(Exception e) {
    try {
      archive.transferTo(java.io.OutputStream.nullOutputStream());
      return e;
    } catch (IOException atEnd) {
      return String.valueOf(atEnd.getMessage()).contains("digest mismatch") ? atEnd : e;
    }
  }

  private static String said(Exception e) {
    String message = e.getMessage();
    if (message == null || e instanceof EOFException) {
      return "the layer is cut short";
    }
    String text = Printable.line(message, QUOTED);
    return text.startsWith("the layer") || text.startsWith("cannot")
        ? text
        : "cannot unpack the layer: " + text;
  }

  private Digest unpackTar(InputStream tarred, Path into) throws IOException {
    MessageDigest hash = sha256();
    DigestInputStream in = new DigestInputStream(tarred, hash);
    root =
        sys.openat(
            Linux.AT_FDCWD,
            into.toString(),
            Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
            0);
    try {
      HeaderBound bound = new HeaderBound(in);
      TarArchiveInputStream tar = new TarArchiveInputStream(bound, StandardCharsets.UTF_8.name());
      for (TarArchiveEntry entry = next(bound, tar, 0); entry != null; ) {
        count();
        unpack(entry, tar);
        entry = next(bound, tar, entry.getSize());
      }
      in.transferTo(java.io.OutputStream.nullOutputStream()); // the digest covers the padding too
      directories.reversed().forEach(this::times);
      return Digest.finish("sha256", hash.digest());
    } finally {
      closeParent();
      sys.close(root);
    }
  }

  /// Names and attributes of an entry are read into memory, however long the archive says they are.
  ///
  /// @param skipped what of the entry before may still have to be passed over
  private static @Nullable TarArchiveEntry next(
      HeaderBound bound, TarArchiveInputStream tar, long skipped) throws IOException {
    bound.header(Math.max(0, skipped));
    TarArchiveEntry entry = tar.getNextEntry();
    bound.content();
    if (entry != null && entry.getExtraPaxHeaders().size() > MAX_ATTRIBUTES) {
      throw new IOException(
          "the layer has an entry with more than " + MAX_ATTRIBUTES + " attributes");
    }
    return entry;
  }

  /// The archive may have put a link in the place of a directory above it since: what is found in
  /// the layer's own root gets the time, and what is no directory any more gets none.
  private void times(String path, long seconds) {
    int flags = Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_NOFOLLOW | Linux.O_CLOEXEC;
    int dir;
    try {
      dir = sys.openat2(root, path.isEmpty() ? "." : path, flags, 0, RESOLVE);
    } catch (ErrnoException e) {
      return;
    }
    try {
      sys.utimensat(dir, ".", seconds, 0);
    } finally {
      sys.close(dir);
    }
  }

  private void count() throws IOException {
    if (++entries > bounds.entries()) {
      throw new IOException("the layer has more than " + bounds.entries() + " entries");
    }
  }

  private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    String path = clean(entry.getName());
    if (path.isEmpty()) {
      if (!plain) {
        attributes(root, ".", entry);
      }
      return;
    }
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    openParent(slash < 0 ? "" : path.substring(0, slash));
    if (plain) {
      create(path, name, entry, tar);
    } else if (name.equals(OPAQUE)) {
      sys.lsetxattr("/proc/self/fd/" + parent + "/.", "trusted.overlay.opaque", new byte[] {'y'});
    } else if (name.startsWith(WHITEOUT)) {
      whiteout(name.substring(WHITEOUT.length()));
    } else {
      create(path, name, entry, tar);
    }
  }

  /// Relative, without `.` and empty components. A `..` is never needed by an honest layer.
  static String clean(String name) throws IOException {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH) {
      throw new IOException("the layer has a path of " + length + " bytes");
    }
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IOException("the layer names a path outside of itself: " + name);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.size() > MAX_COMPONENTS) {
      throw new IOException("the layer has a path of " + parts.size() + " components");
    }
    return String.join("/", parts);
  }

  private void openParent(String path) {
    if (parent >= 0 && parentPath.equals(path)) {
      return;
    }
    closeParent();
    parent = path.isEmpty() ? sys.duplicate(root, 3) : directory(path);
    parentPath = path;
  }

  private void closeParent() {
    if (parent >= 0) {
      sys.close(parent);
      parent = -1;
    }
  }

  /// Opens a directory below the root, making what is missing on the way.
  private int directory(String path) {
    try {
      return sys.openat2(
          root, path, Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC, 0, RESOLVE);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    int slash = path.lastIndexOf('/');
    int above = slash < 0 ? sys.duplicate(root, 3) : directory(path.substring(0, slash));
    try {
      sys.mkdirat(above, path.substring(slash + 1), 0755);
    } finally {
      sys.close(above);
    }
    return sys.openat2(
        root, path, Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC, 0, RESOLVE);
  }

  /// Hides what lower layers have; what this layer itself brought under that name stays.
  private void whiteout(String name) throws IOException {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new IOException("the layer has a whiteout without a name");
    }
    if (sys.lstatat(parent, name).isEmpty()) {
      sys.mknodat(parent, name, Linux.S_IFCHR, 0);
    }
  }

  private void create(String path, String name, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException {
    Optional<Stat> old = sys.lstatat(parent, name);
    boolean hidden = old.isPresent() && old.get().type() == Linux.S_IFCHR && old.get().rdev() == 0;
    if (plain && old.isPresent() && entry.isDirectory() && old.get().type() == Linux.S_IFLNK) {
      return;
    }
    if (plain && old.isPresent() && !entry.isDirectory() && old.get().type() == Linux.S_IFDIR) {
      throw new IOException("cannot put a file in the place of the directory /" + path);
    }
    boolean both = old.isPresent() && old.get().type() == Linux.S_IFDIR && entry.isDirectory();
    if (old.isPresent() && !both) {
      remove(name, old.get());
    }
    if (entry.isDirectory()) {
      if (!both) {
        sys.mkdirat(parent, name, 0755);
      }
      if (hidden) { // a directory that replaces one of a lower layer shows nothing of it
        sys.lsetxattr(
            "/proc/self/fd/" + parent + "/" + name, "trusted.overlay.opaque", new byte[] {'y'});
      }
      remember(path, seconds(entry));
    } else if (entry.isSymbolicLink()) {
      sys.symlinkat(entry.getLinkName(), parent, name);
    } else if (entry.isLink()) {
      hardLink(entry.getLinkName(), name);
      return; // its attributes are those of what it links to
    } else if (entry.isFIFO()) {
      sys.mknodat(parent, name, Linux.S_IFIFO | 0600, 0);
    } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      return;
    } else {
      write(name, entry, tar);
    }
    attributes(parent, name, entry);
  }

  /// Kept until the end, when nothing changes them any more.
  private void remember(String path, long seconds) throws IOException {
    if (directories.put(path, seconds) == null) {
      remembered += path.length() + DIRECTORY;
    }
    if (remembered > MAX_DIRECTORIES) {
      throw new IOException("the layer has too many directories: " + directories.size());
    }
  }

  private void remove(String name, Stat old) {
    if (old.type() == Linux.S_IFDIR) {
      FileTree.delete(Path.of("/proc/self/fd/" + parent, name));
    } else {
      sys.unlinkat(parent, name, 0);
    }
  }

  private void hardLink(String target, String name) throws IOException {
    String path = clean(target);
    int slash = path.lastIndexOf('/');
    int from =
        slash < 0
            ? sys.duplicate(root, 3)
            : sys.openat2(
                root,
                path.substring(0, slash),
                Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
                0,
                RESOLVE);
    try {
      sys.linkat(from, path.substring(slash + 1), parent, name);
    } finally {
      sys.close(from);
    }
  }

  private void write(String name, TarArchiveEntry entry, InputStream content) throws IOException {
    refuse(bytes + entry.getSize());
    int file =
        sys.openat(
            parent,
            name,
            Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_NOFOLLOW | Linux.O_CLOEXEC,
            0600);
    try {
      for (int n = content.read(buffer); n > 0; n = content.read(buffer)) {
        bytes += n;
        refuse(bytes);
        sys.write(file, buffer, 0, n);
      }
    } finally {
      sys.close(file);
    }
  }

  /// An archive that becomes so much more than it was is made to fill a disk: holes in sparse files
  /// and zeros cost it nothing.
  private void refuse(long size) throws IOException {
    if (size > bounds.bytes()) {
      throw new IOException("the layer unpacks to more than " + bounds.bytes() + " bytes");
    }
    if (size > SUSPICIOUS && bytes > MAX_RATIO * archive.count()) {
      throw new IOException("the layer unpacks to more than " + MAX_RATIO + " times its size");
    }
  }

  /// Owner before mode: a change of owner clears the set-user-id bit. Only `user.` attributes are
  /// taken: `trusted.` would speak to overlay, and file capabilities mean nothing under
  /// no_new_privs.
  private void attributes(int dir, String name, TarArchiveEntry entry) {
    sys.fchownat(dir, name, (int) entry.getLongUserId(), (int) entry.getLongGroupId());
    if (!entry.isSymbolicLink()) {
      sys.fchmodat(dir, name, entry.getMode() & 07777);
    }
    for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
      if (header.getKey().startsWith(XATTR + "user.")) {
        sys.lsetxattr(
            "/proc/self/fd/" + dir + "/" + name,
            header.getKey().substring(XATTR.length()),
            header.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    sys.utimensat(dir, name, seconds(entry), 0);
  }

  private static long seconds(TarArchiveEntry entry) {
    return entry.getLastModifiedTime().toInstant().getEpochSecond();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
