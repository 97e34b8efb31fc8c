package dev.berth.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The name of some bytes: `sha256:HEX` or `sha512:HEX`, lower case.
public record Digest(String algorithm, String hex) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

  public Digest {
    boolean known =
        switch (algorithm) {
          case "sha256" -> SHA256.matcher(hex).matches();
          case "sha512" -> SHA512.matcher(hex).matches();
          default -> false;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "not a digest (sha256:64 or sha512:128 lower-case hex digits): " + algorithm + ":" + hex);
    }
  }

  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a digest (ALGORITHM:HEX): " + text);
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  public static boolean isDigest(String text) {
    int colon = text.indexOf(':');
    return colon > 0
        && switch (text.substring(0, colon)) {
          case "sha256" -> SHA256.matcher(text.substring(colon + 1)).matches();
          case "sha512" -> SHA512.matcher(text.substring(colon + 1)).matches();
          default -> false;
        };
  }

  public static Digest sha256(byte[] bytes) {
    return finish("sha256", hasher("sha256").digest(bytes));
  }

  /// Reads the stream to its end; the caller closes it.
  public static Digest sha256(InputStream in) throws IOException {
    MessageDigest hasher = hasher("sha256");
    byte[] buffer = new byte[64 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      hasher.update(buffer, 0, n);
    }
    return finish("sha256", hasher.digest());
  }

  public static Digest finish(String algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  /// A fresh hasher of this digest's algorithm, for callers that see the bytes piece by piece.
  public MessageDigest hasher() {
    return hasher(algorithm);
  }

  private static MessageDigest hasher(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean matches(byte[] bytes) {
    return finish(algorithm, hasher().digest(bytes)).equals(this);
  }

  /// The same stream, which fails with an `IOException` at its end when the bytes were not these.
  public InputStream verifying(InputStream in) {
    return new Verifying(in);
  }

  /// The first 12 digits, for people.
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }

  private final class Verifying extends FilterInputStream {
    private final MessageDigest hasher = hasher();
    private boolean ended;

    Verifying(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      if (n > 0) {
        hasher.update(buffer, offset, n);
      } else if (n < 0 && !ended) {
        ended = true;
        check();
      }
      return n;
    }

    private void check() throws IOException {
      Digest found = finish(algorithm, hasher.digest());
      if (!found.equals(Digest.this)) {
        throw new IOException("digest mismatch: expected " + Digest.this + ", received " + found);
      }
    }

    @Override
    public long skip(long n) throws IOException {
      return readNBytes((int) Math.min(n, 8192)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
