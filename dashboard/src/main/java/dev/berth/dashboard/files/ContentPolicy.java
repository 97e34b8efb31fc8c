package dev.berth.dashboard.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The headers of every answer below `/ui`. Scripts run only from this server's own files; the one
/// inline piece that HTML demands, the import map, is allowed by its digest. Text of the cluster
/// can therefore name, load or run nothing, even where a page forgot to escape it.
public final class ContentPolicy {
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private ContentPolicy() {}

  /// The headers by name.
  ///
  /// @param page the start page, for the digests of its import maps
  public static Map<String, String> headers(String page) {
    return Map.of(
        "Content-Security-Policy",
        policy(page),
        "X-Content-Type-Options",
        "nosniff",
        "X-Frame-Options",
        "DENY",
        "Referrer-Policy",
        "no-referrer",
        "Cross-Origin-Opener-Policy",
        "same-origin",
        "Cross-Origin-Resource-Policy",
        "same-origin",
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  }

  private static String policy(String page) {
    return "default-src 'none'; script-src 'self'"
        + digests(page)
        + "; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self';"
        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
        + " require-trusted-types-for 'script'; trusted-types lit-html";
  }

  private static String digests(String page) {
    StringBuilder all = new StringBuilder();
    Matcher maps = IMPORT_MAP.matcher(page);
    while (maps.find()) {
      all.append(" 'sha256-").append(digest(maps.group(1))).append('\'');
    }
    return all.toString();
  }

  private static String digest(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
