package dev.berth.gitops.hook;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One message of a Git host. GitHub, Gitea and Forgejo sign the body with HMAC-SHA256; GitLab
/// sends the secret itself; anybody else signs as `X-Berth-Signature: sha256=HEX`.
public final class HookMessage {
  /// Larger bodies are not looked at, in bytes.
  public static final int MAX_BYTES = 1 << 20;

  private static final String[] SIGNATURES = {
    "x-berth-signature", "x-hub-signature-256", "x-gitea-signature", "x-forgejo-signature"
  };

  private final Map<String, String> headers;
  private final byte[] body;

  /// @param headers by lower case name
  public HookMessage(Map<String, String> headers, byte[] body) {
    this.headers = Map.copyOf(headers);
    this.body = body.clone();
  }

  /// Whether somebody who knows the secret has sent it. Compared in a time that tells nothing.
  public boolean isGenuine(byte[] secret) {
    if (secret.length == 0 || body.length > MAX_BYTES) {
      return false;
    }
    for (String header : SIGNATURES) {
      String signature = headers.get(header);
      if (signature != null) {
        return MessageDigest.isEqual(hmac(secret), bytes(signature));
      }
    }
    String token = headers.get("x-gitlab-token");
    return token != null && MessageDigest.isEqual(secret, token.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] hmac(byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] bytes(String signature) {
    String hex = signature.startsWith("sha256=") ? signature.substring(7) : signature;
    try {
      return HexFormat.of().parseHex(hex.strip().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /// What happened there, as the host calls it: `push`, `ping`, `tag push hook`; empty for a
  /// script.
  public String event() {
    for (String header : new String[] {"x-github-event", "x-gitea-event", "x-gitlab-event"}) {
      String event = headers.get(header);
      if (event != null) {
        return event.toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  /// Whether references may have moved: a comment on an issue moves none.
  public boolean movesReferences() {
    String event = event();
    return event.isEmpty()
        || event.contains("push")
        || event.equals("create")
        || event.equals("delete")
        || event.equals("release");
  }

  /// The reference that moved, `refs/heads/main`; empty where the message does not say.
  public Optional<String> reference() {
    try {
      JsonNode message = Json.parse(body);
      return Optional.of(Json.text(message, "ref")).filter(ref -> ref.startsWith("refs/"));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
