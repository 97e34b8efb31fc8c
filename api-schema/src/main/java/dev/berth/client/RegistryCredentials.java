package dev.berth.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A user and password (or access token) of a registry.
public record RegistryCredentials(String user, String password) {
  String basic() {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /// Secrets stay out of logs.
  @Override
  public String toString() {
    return user + ":***";
  }
}
