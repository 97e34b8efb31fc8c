package dev.berth.controller.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// Some values sealed with AES-256-GCM (NIST SP 800-38D), under keys from a file beside the
/// database.
///
/// A sealed value is `berth1:` and the key's id, a colon, 12 random bytes, the ciphertext and its
/// tag. The store key is authenticated with it, so that a value put into another object's row does
/// not open. What lies open begins with a brace, as JSON does. The key is made when the first value
/// is sealed, and never where sealed values are found: without their key they must not be
/// overwritten.
public final class SealedValues implements Sealing {
  private static final String MAGIC = "berth1:";
  private static final int ID = 8;
  private static final int HEAD = MAGIC.length() + ID + 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final Path file;
  private final Predicate<String> wanted;
  private final SecureRandom random = new SecureRandom();
  private List<KeyFile.Key> keys;

  /// @param wanted the keys whose values are sealed
  /// @throws StoreException when the file is there and cannot be used
  public SealedValues(Path file, Predicate<String> wanted) {
    this.file = file;
    this.wanted = wanted;
    try {
      this.keys = KeyFile.read(file);
    } catch (IOException e) {
      throw new StoreException(
          "cannot use the keys of Secrets in " + file + ": " + e.getMessage(), false, e);
    }
  }

  @Override
  public synchronized byte[] seal(String key, byte[] value) {
    if (!wanted.test(key)) {
      return value;
    }
    KeyFile.Key with = newest();
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, with, nonce, key).doFinal(value);
      return ByteBuffer.allocate(HEAD + NONCE + sealed.length)
          .put(ascii(MAGIC + with.id() + ":"))
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM must be there", e);
    }
  }

  private KeyFile.Key newest() {
    if (keys.isEmpty()) {
      try {
        keys = List.of(KeyFile.create(file));
      } catch (IOException e) {
        // Nothing was written yet: as with a full disk, the write can be tried again.
        throw new StoreException(
            "cannot make the key of Secrets " + file + ": " + e + "; free some space on that disk",
            true,
            e);
      }
    }
    return keys.getFirst();
  }

  @Override
  public synchronized byte[] open(String key, byte[] stored) {
    if (!isSealed(stored)) {
      return stored;
    }
    String id = id(stored);
    KeyFile.Key with =
        keys.stream().filter(k -> k.id().equals(id)).findFirst().orElseThrow(() -> missing(id));
    try {
      byte[] nonce = Arrays.copyOfRange(stored, HEAD, HEAD + NONCE);
      return cipher(Cipher.DECRYPT_MODE, with, nonce, key)
          .doFinal(stored, HEAD + NONCE, stored.length - HEAD - NONCE);
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          "the value of "
              + key
              + " in the store does not open with its key "
              + id
              + ": it was changed, or is another object's; restore a backup",
          false,
          e);
    }
  }

  private StoreException missing(String id) {
    String has =
        keys.isEmpty()
            ? file + " is not there"
            : file + " holds " + String.join(", ", keys.stream().map(KeyFile.Key::id).toList());
    return new StoreException(
        "the store holds Secrets that are sealed with the key "
            + id
            + ", but "
            + has
            + ": put the file of that key back (a backup has it as pki/secrets.keys, unless"
            + " --secret-keys names another place), or add its line below the others");
  }

  @Override
  public synchronized boolean isCurrent(String key, byte[] stored) {
    boolean sealed = isSealed(stored);
    return wanted.test(key)
        ? sealed && !keys.isEmpty() && id(stored).equals(keys.getFirst().id())
        : !sealed;
  }

  private static Cipher cipher(int mode, KeyFile.Key with, byte[] nonce, String key)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, with.secret(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(key.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static boolean isSealed(byte[] stored) {
    return stored.length >= HEAD + NONCE && text(stored, 0, MAGIC.length()).equals(MAGIC);
  }

  private static String id(byte[] stored) {
    return text(stored, MAGIC.length(), ID);
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
