package dev.berth.controller.imageregistry;

import dev.berth.api.Digest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What each repository knows, as small files: `NAME/_manifests/sha256-HEX` holds the media type,
/// `NAME/_tags/TAG` the digest, `NAME/_blobs/sha256-HEX` says that the blob belongs here. Names
/// cannot begin with an underscore, so the folders never meet a repository.
final class Repositories {
  private final Path root;

  Repositories(Path root) throws IOException {
    this.root = Files.createDirectories(root);
  }

  private Path file(String repository, String folder, String name) {
    return root.resolve(repository).resolve(folder).resolve(name);
  }

  private static String fileName(Digest digest) {
    return digest.algorithm() + "-" + digest.hex();
  }

  boolean exists(String repository) {
    return Files.isDirectory(root.resolve(repository));
  }

  boolean hasBlob(String repository, Digest digest) {
    return Files.exists(file(repository, "_blobs", fileName(digest)));
  }

  void linkBlob(String repository, Digest digest) throws IOException {
    write(file(repository, "_blobs", fileName(digest)), "");
  }

  boolean unlinkBlob(String repository, Digest digest) throws IOException {
    return Files.deleteIfExists(file(repository, "_blobs", fileName(digest)));
  }

  Optional<String> mediaType(String repository, Digest digest) throws IOException {
    return read(file(repository, "_manifests", fileName(digest)));
  }

  void putManifest(String repository, Digest digest, String mediaType) throws IOException {
    write(file(repository, "_manifests", fileName(digest)), mediaType);
  }

  /// Tags of a deleted manifest go with it.
  boolean deleteManifest(String repository, Digest digest) throws IOException {
    for (String tag : tags(repository)) {
      if (tag(repository, tag).filter(digest::equals).isPresent()) {
        deleteTag(repository, tag);
      }
    }
    return Files.deleteIfExists(file(repository, "_manifests", fileName(digest)));
  }

  List<Digest> manifests(String repository) throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (String name : names(root.resolve(repository).resolve("_manifests"))) {
      digests.add(Digest.parse(name.replaceFirst("-", ":")));
    }
    return digests;
  }

  Optional<Digest> tag(String repository, String tag) throws IOException {
    return read(file(repository, "_tags", tag)).map(Digest::parse);
  }

  void putTag(String repository, String tag, Digest digest) throws IOException {
    write(file(repository, "_tags", tag), digest.toString());
  }

  boolean deleteTag(String repository, String tag) throws IOException {
    return Files.deleteIfExists(file(repository, "_tags", tag));
  }

  List<String> tags(String repository) throws IOException {
    return names(root.resolve(repository).resolve("_tags"));
  }

  /// Every repository that has a manifest, sorted.
  List<String> all() throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.endsWith("_manifests")) {
              found.add(root.relativize(folder.getParent()).toString());
            }
            boolean content = folder.getFileName().toString().startsWith("_");
            return content && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          // A push writes beside its target and renames: names come and go meanwhile.
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    found.sort(null);
    return found;
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith(".new"))
          .sorted()
          .toList();
    }
  }

  /// Empty also when it is deleted while it is looked for.
  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), ".new", "");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
