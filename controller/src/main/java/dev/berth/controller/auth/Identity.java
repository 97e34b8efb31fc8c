package dev.berth.controller.auth;

import java.util.List;
import java.util.Optional;

/// A verified user and its groups, or nobody.
public record Identity(String user, List<String> groups) {
  public static final Identity ANONYMOUS =
      new Identity("system:anonymous", List.of("system:unauthenticated"));
  public static final String MASTERS = "system:masters";
  public static final String NODES = "system:nodes";
  private static final String NODE_PREFIX = "system:node:";

  public Identity {
    groups = List.copyOf(groups);
  }

  public boolean isAnonymous() {
    return groups.contains("system:unauthenticated");
  }

  public boolean isMaster() {
    return groups.contains(MASTERS);
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
