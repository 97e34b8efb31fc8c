package dev.berth.controller.auth;

import java.util.List;
import java.util.Optional;

/// The user that a ServiceAccount is: `system:serviceaccount:NAMESPACE:NAME`.
public record ServiceAccountName(String namespace, String name) {
  private static final String PREFIX = "system:serviceaccount:";

  /// Empty for a user that is no ServiceAccount.
  public static Optional<ServiceAccountName> parse(String user) {
    if (!user.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] parts = user.substring(PREFIX.length()).split(":", -1);
    boolean wellFormed = parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty();
    return wellFormed ? Optional.of(new ServiceAccountName(parts[0], parts[1])) : Optional.empty();
  }

  public String user() {
    return PREFIX + namespace + ":" + name;
  }

  public List<String> groups() {
    return List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace);
  }
}
