package dev.berth.controller.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/// A file of 256-bit keys, one a line in base64, readable by its owner only. What is sealed anew
/// takes the first; the others only open what was sealed before they were replaced.
final class KeyFile {
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /// @param id follows from the key: 8 hexadecimal digits
  record Key(String id, SecretKeySpec secret) {
    static Key of(byte[] bytes) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new Key(
            HexFormat.of().formatHex(digest, 0, ID_BYTES), new SecretKeySpec(bytes, "AES"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private KeyFile() {}

  /// Empty when there is no file.
  ///
  /// @throws IOException also when it holds none, what is no key, or others may read it
  static List<Key> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    if (rights.stream().anyMatch(OTHERS::contains)) {
      throw new IOException("others than its owner have rights on it; run chmod 600 " + file);
    }
    List<Key> keys = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        keys.add(Key.of(bytes(line.strip(), keys.size() + 1)));
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("it holds no key; put back the file that was there");
    }
    return keys;
  }

  private static byte[] bytes(String line, int number) throws IOException {
    try {
      byte[] bytes = Base64.getDecoder().decode(line);
      if (bytes.length == KEY_BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, without a word of what it was.
    }
    throw new IOException("key " + number + " is not 32 bytes in base64");
  }

  /// Makes a key; it is durable before anything is sealed with it.
  static Key create(Path file) throws IOException {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // A backup leaves out what ends so.
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String line = Base64.getEncoder().encodeToString(bytes) + "\n";
    Files.write(
        fresh,
        line.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
    return Key.of(bytes);
  }
}
