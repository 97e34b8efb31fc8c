package dev.berth.gitops.source;

import dev.berth.api.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a Secret holds for a remote. Never printed: no `toString` of its values.
public final class Credentials {
  public static final Credentials NONE = new Credentials(Map.of());

  private final Map<String, byte[]> values;

  public Credentials(Map<String, byte[]> values) {
    this.values = new TreeMap<>(values);
  }

  /// The `Authorization` header for http.
  Optional<String> authorization() {
    Optional<String> bearer = text("bearerToken");
    return bearer.isPresent()
        ? bearer.map(token -> "Bearer " + token)
        : text("password").map(this::basic);
  }

  private String basic(String password) {
    String both = text("username").orElse("git") + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /// Certificates (PEM) that sign the server's.
  Optional<byte[]> authorities() {
    return Optional.ofNullable(values.getOrDefault("ca.crt", values.get("caFile")));
  }

  /// A private key for ssh, as `ssh-keygen` writes it.
  Optional<byte[]> identity() {
    return Optional.ofNullable(values.getOrDefault("identity", values.get("ssh-privatekey")));
  }

  /// What protects the private key.
  Optional<String> passphrase() {
    return text("passphrase");
  }

  Optional<String> password() {
    return text("password");
  }

  /// Lines of a known_hosts file.
  Optional<String> knownHosts() {
    return text("known_hosts");
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key))
        .map(value -> new String(value, StandardCharsets.UTF_8))
        .map(text -> key.equals("known_hosts") ? text : text.strip())
        .filter(text -> !text.isEmpty());
  }

  /// The same for equal credentials, and telling nothing of them.
  String fingerprint() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    values.forEach(
        (key, value) -> {
          all.writeBytes((key + ":" + value.length + ":").getBytes(StandardCharsets.UTF_8));
          all.writeBytes(value);
        });
    return Digest.sha256(all.toByteArray()).hex();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credentials that && fingerprint().equals(that.fingerprint());
  }

  @Override
  public int hashCode() {
    return fingerprint().hashCode();
  }
}
