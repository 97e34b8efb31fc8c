package dev.berth.controller.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A verified user and its groups, or nobody. `uid` is empty where the credentials name none;
/// `extra` is what a token or an impersonator said besides.
public record Identity(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final String AUTHENTICATED = "system:authenticated";
  public static final String UNAUTHENTICATED = "system:unauthenticated";
  public static final Identity ANONYMOUS =
      new Identity("system:anonymous", List.of(UNAUTHENTICATED));
  public static final String MASTERS = "system:masters";
  public static final String NODES = "system:nodes";
  private static final String NODE_PREFIX = "system:node:";

  public Identity {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public Identity(String user, List<String> groups) {
    this(user, "", groups, Map.of());
  }

  public boolean isAnonymous() {
    return groups.contains(UNAUTHENTICATED);
  }

  public boolean isMaster() {
    return groups.contains(MASTERS);
  }

  /// With the group that everybody has who showed who it is.
  public Identity asAuthenticated() {
    if (isAnonymous() || groups.contains(AUTHENTICATED)) {
      return this;
    }
    List<String> all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new Identity(user, uid, all, extra);
  }

  /// The node that this identity speaks for.
  public Optional<String> node() {
    return groups.contains(NODES) && user.startsWith(NODE_PREFIX)
        ? Optional.of(user.substring(NODE_PREFIX.length()))
        : Optional.empty();
  }

  public static String nodeUser(String node) {
    return NODE_PREFIX + node;
  }
}
