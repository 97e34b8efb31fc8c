package dev.berth.gitops.signature;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A commit or an annotated tag, taken apart into what was signed and the signature.
final class SignedObject {
  private static final String HEADER = "gpgsig";

  private final byte[] payload;
  private final Optional<String> signature;

  private SignedObject(byte[] payload, Optional<String> signature) {
    this.payload = payload;
    this.signature = signature;
  }

  byte[] payload() {
    return payload;
  }

  /// Armored; empty where there is none.
  Optional<String> signature() {
    return signature;
  }

  /// A commit has its signature among its headers, with continued lines.
  static SignedObject commit(byte[] raw) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    StringBuilder signature = new StringBuilder();
    boolean inHeaders = true;
    boolean inSignature = false;
    boolean kept = false;
    for (int start = 0; start < raw.length; ) {
      int end = lineEnd(raw, start);
      String line = new String(raw, start, end - start, StandardCharsets.ISO_8859_1);
      inSignature = inHeaders && (isSignature(line) || (inSignature && line.startsWith(" ")));
      if (inSignature) {
        kept = line.startsWith(HEADER + " ") || (kept && line.startsWith(" "));
        signature.append(kept ? line.substring(line.indexOf(' ') + 1) : "");
      } else {
        inHeaders &= !line.equals("\n");
        payload.write(raw, start, end - start);
      }
      start = end;
    }
    return new SignedObject(
        payload.toByteArray(), Optional.of(signature.toString()).filter(text -> !text.isEmpty()));
  }

  private static boolean isSignature(String line) {
    return line.startsWith(HEADER + " ") || line.startsWith(HEADER + "-sha256 ");
  }

  private static int lineEnd(byte[] raw, int start) {
    int end = start;
    while (end < raw.length && raw[end] != '\n') {
      end++;
    }
    return Math.min(raw.length, end + 1);
  }

  /// A tag has its signature at the end of its message.
  static SignedObject tag(byte[] raw) {
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    int begin =
        Math.max(
            text.lastIndexOf("\n-----BEGIN PGP SIGNATURE-----"),
            text.lastIndexOf("\n-----BEGIN SSH SIGNATURE-----"));
    return begin < 0
        ? new SignedObject(raw, Optional.empty())
        : new SignedObject(
            text.substring(0, begin + 1).getBytes(StandardCharsets.ISO_8859_1),
            Optional.of(text.substring(begin + 1)));
  }
}
