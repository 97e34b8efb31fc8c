package dev.berth.dashboard.wire;

import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A body that many are given: compressed once, and known by a tag. Immutable.
public final class Payload {
  private static final int TAG_BYTES = 12;

  /// Below this the headers are larger than what is saved.
  private static final int WORTH_COMPRESSING = 512;

  private static final byte[] NONE = new byte[0];

  private final byte[] plain;

  /// Empty where compressing saves nothing.
  private final byte[] gzipped;

  private final String type;
  private final String tag;

  private Payload(byte[] plain, String type, String tag) {
    byte[] small = plain.length < WORTH_COMPRESSING ? NONE : gzip(plain);
    this.plain = plain;
    this.gzipped = small.length < plain.length ? small : NONE;
    this.type = type;
    this.tag = tag;
  }

  /// Known by its own digest.
  public static Payload of(byte[] bytes, String type) {
    return new Payload(bytes, type, tagOf(digest(bytes)));
  }

  /// Known by the digest of what matters in it.
  public static Payload of(byte[] bytes, String type, String digest) {
    return new Payload(bytes, type, tagOf(digest));
  }

  public byte[] plain() {
    return plain;
  }

  /// The bytes, or 304 where the browser has them already.
  public Answer answer(Request request) {
    Map<String, String> headers = Map.of("ETag", tag, "Vary", "Accept-Encoding");
    if (isKnown(request.header("If-None-Match").orElse(""))) {
      return Answer.empty(304).withAll(headers);
    }
    boolean compressed = gzipped.length > 0 && takesGzip(request);
    Answer answer =
        new Answer(200, headers, compressed ? gzipped : plain).with("Content-Type", type);
    return compressed ? answer.with("Content-Encoding", "gzip") : answer;
  }

  private boolean isKnown(String known) {
    return Arrays.stream(known.split(",", -1)).map(String::strip).anyMatch(tag::equals);
  }

  private static boolean takesGzip(Request request) {
    return Arrays.stream(request.header("Accept-Encoding").orElse("").split(",", -1))
        .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
        .anyMatch(
            c -> c.equals("gzip") || (c.startsWith("gzip;q=") && !c.matches("gzip;q=0(\\.0*)?")));
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
    return out.toByteArray();
  }

  /// Weak, because both encodings have it.
  private static String tagOf(String digest) {
    return "W/\"" + digest + "\"";
  }

  /// 24 characters that tell two bodies apart.
  public static String digest(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(sum, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
