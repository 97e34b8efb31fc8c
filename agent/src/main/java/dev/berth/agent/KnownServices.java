package dev.berth.agent;

import dev.berth.agent.volume.MissingReferenceException;
import dev.berth.api.Reason;
import dev.berth.client.Informer;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The services of all namespaces, for a container that begins: what its variables say of them
/// holds to its end, so it does not begin before they were listed once.
///
/// @param patience how long who asks waits for the first list
record KnownServices(Informer services, Duration patience) {
  /// Blocks for `patience` at most. Throws a [MissingReferenceException] when they are not known by
  /// then, or when who waits is interrupted: a container would begin without knowing where the API
  /// is.
  List<ObjectNode> all() {
    try {
      if (services.awaitSynced(patience)) {
        return List.copyOf(services.list());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new MissingReferenceException(Reason.START_FAILED, "the services are not listed yet");
  }
}
