package dev.berth.agent;

import dev.berth.agent.pod.Pods;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `GET /pods/NAMESPACE/POD/debug`: what the pod's worker is at.
record DebugRoute(Sync sync, Pods pods) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    return request.matches("GET", 4, "pods", "debug")
        ? Optional.of(response -> serve(request, response))
        : Optional.empty();
  }

  private void serve(Request request, Response response) throws IOException {
    ObjectKey key = new ObjectKey(request.part(1), request.part(2));
    Optional<ObjectNode> view = sync.pod(key).flatMap(pod -> pods.debug(Json.uid(pod)));
    if (view.isEmpty()) {
      response.text(404, "pod " + key + " has no worker on this node\n");
      return;
    }
    response.head(200, Map.of("content-type", "application/json"));
    response.write(Json.bytes(view.get()));
  }
}
