package dev.berth.hardening;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Everything about a tree that an attack could change, without following a link.
record Fingerprint(TreeMap<String, String> files) {
  static Fingerprint of(Path root) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        files.put(root.relativize(path).toString(), describe(path));
      }
    }
    return new Fingerprint(files);
  }

  private static String describe(Path path) throws IOException {
    var all =
        Files.readAttributes(
            path,
            "unix:ino,mode,nlink,uid,gid,size,lastModifiedTime,ctime",
            LinkOption.NOFOLLOW_LINKS);
    String content =
        Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            ? Files.readString(path, StandardCharsets.ISO_8859_1)
            : "";
    return new TreeMap<>(all) + content;
  }
}
