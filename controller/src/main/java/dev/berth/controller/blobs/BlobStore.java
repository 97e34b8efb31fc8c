package dev.berth.controller.blobs;

import dev.berth.api.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// All blobs of one data directory.
public final class BlobStore {
  /// How long an upload waits for its next bytes. It survives a restart, so that a client may go on
  /// with it; one that is left alone for longer was abandoned.
  public static final Duration PATIENCE = Duration.ofHours(1);

  private final Path blobs;
  private final Path uploads;
  private final Supplier<String> ids;

  /// Opens or creates the store below `root`; `ids` names uploads and must not be guessable.
  public BlobStore(Path root, Supplier<String> ids) throws IOException {
    this.blobs = Files.createDirectories(root.resolve("blobs"));
    this.uploads = Files.createDirectories(root.resolve("uploads"));
    this.ids = ids;
  }

  /// Removes every upload that nothing was added to for [#PATIENCE]. One that ends or goes on
  /// meanwhile is left alone. Any thread.
  ///
  /// @return how many were removed
  public int cancelAbandoned(Instant now) throws IOException {
    FileTime oldest = FileTime.from(now.minus(PATIENCE));
    int cancelled = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(uploads)) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
            Files.delete(file);
            cancelled++;
          }
        } catch (NoSuchFileException e) {
          // It became a blob, or was cancelled, since it was listed.
        }
      }
    }
    return cancelled;
  }

  /// The file of a blob that is here.
  public Optional<Path> find(Digest digest) {
    return Optional.of(path(digest)).filter(Files::exists);
  }

  private Path path(Digest digest) {
    return blobs
        .resolve(digest.algorithm())
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex());
  }

  public void put(Digest digest, byte[] bytes) throws IOException {
    if (find(digest).isEmpty()) {
      Upload upload = begin();
      upload.append(new java.io.ByteArrayInputStream(bytes), Long.MAX_VALUE);
      upload.finish(digest);
    }
  }

  public Upload begin() throws IOException {
    String id = ids.get();
    return new Upload(id, Files.createFile(uploads.resolve(id)));
  }

  /// An upload that was begun, perhaps before a restart.
  public Optional<Upload> upload(String id) {
    boolean plain = !id.contains("/") && !id.contains("..") && !id.isEmpty();
    return plain
        ? Optional.of(uploads.resolve(id)).filter(Files::exists).map(file -> new Upload(id, file))
        : Optional.empty();
  }

  /// Bytes on their way to becoming a blob.
  public final class Upload {
    private final String id;
    private final Path file;

    private Upload(String id, Path file) {
      this.id = id;
      this.file = file;
    }

    public String id() {
      return id;
    }

    public long size() throws IOException {
      return Files.size(file);
    }

    /// Appends everything, at most `most` bytes more.
    public void append(InputStream in, long most) throws IOException {
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND)) {
        byte[] buffer = new byte[64 * 1024];
        long left = most;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          left -= n;
          if (left < 0) {
            throw new IOException("upload " + id + " is larger than was announced");
          }
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
          while (bytes.hasRemaining()) { // a disk that is nearly full takes less than all
            out.write(bytes);
          }
        }
        out.force(false);
      }
    }

    /// Makes it the blob of that name; false, and the upload is gone, when the bytes are not these.
    public boolean finish(Digest digest) throws IOException {
      if (!isWhat(digest)) {
        cancel();
        return false;
      }
      Path target = path(digest);
      Files.createDirectories(target.getParent());
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    }

    private boolean isWhat(Digest digest) throws IOException {
      try (InputStream in = digest.verifying(Files.newInputStream(file))) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
        return true;
      } catch (IOException e) {
        if (String.valueOf(e.getMessage()).startsWith("digest mismatch")) {
          return false;
        }
        throw e;
      }
    }

    public void cancel() throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
