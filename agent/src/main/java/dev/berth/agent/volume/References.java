package dev.berth.agent.volume;

import dev.berth.api.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What pods refer to, as volumes and variables ask for it.
public interface References {
  /// A ConfigMap or a Secret as the API has it now; blocks while it is asked.
  ///
  /// @param kind `ConfigMap` or `Secret`
  Optional<ObjectNode> find(String kind, String namespace, String name);

  /// The same for one that is followed: the newest form that was told of, without asking, where
  /// there is one. Each later change is told.
  default Optional<ObjectNode> current(String kind, String namespace, String name) {
    return find(kind, namespace, name);
  }

  /// Calls `changed` after each change of this object, also when it comes or goes, on some thread,
  /// until the answer is closed.
  default Following follow(String kind, String namespace, String name, Runnable changed) {
    return () -> {};
  }

  /// A fresh token of a service account.
  default Token token(TokenWish wish) {
    throw new MissingReferenceException(
        "volume: no token of service account " + wish.account() + ": there is no API to ask");
  }

  /// How much of a resource (`cpu`, `memory`, `ephemeral-storage`) this host has for pods: the
  /// limit of a container that has none.
  default Quantity allocatable(String resource) {
    return Quantity.ZERO;
  }

  /// All services that there are now.
  default List<ObjectNode> services() {
    return List.of();
  }

  /// Ends by its `close`, which may be called twice.
  interface Following extends AutoCloseable {
    @Override
    void close();
  }

  /// For whom a token shall be; it is bound to the pod and ends with it.
  ///
  /// @param audiences none for the API server itself
  /// @param seconds how long it shall hold, 600 at least
  record TokenWish(
      String namespace,
      String account,
      String pod,
      String podUid,
      List<String> audiences,
      long seconds) {}

  record Token(String text, Instant expires) {}
}
