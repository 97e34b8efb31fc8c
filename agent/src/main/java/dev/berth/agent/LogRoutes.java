package dev.berth.agent;

import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.pod.Pods;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// `GET /pods/NAMESPACE/POD/log`
record LogRoutes(Sync sync, Pods pods, InstantSource clock) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    return request.matches("GET", 4, "pods", "log")
        ? Optional.of(response -> serve(request, response))
        : Optional.empty();
  }

  private void serve(Request request, Response response)
      throws java.io.IOException, InterruptedException {
    Optional<ObjectNode> pod = sync.pod(new ObjectKey(request.part(1), request.part(2)));
    if (pod.isEmpty()) {
      response.text(
          404, "pod " + request.part(1) + "/" + request.part(2) + " is not on this node\n");
      return;
    }
    String wanted = request.query().getOrDefault("container", "");
    String container =
        wanted.isEmpty()
            ? Json.text(pod.get().path("spec").path("containers").path(0), "name")
            : wanted;
    boolean known =
        Stream.of("containers", "initContainers")
            .flatMap(list -> pod.get().path("spec").path(list).valueStream())
            .anyMatch(c -> container.equals(Json.text(c, "name")));
    if (!known) {
      response.text(400, "pod " + request.part(2) + " has no container " + container + "\n");
      return;
    }
    LogQuery query = LogQuery.parse(request.query(), clock);
    response.head(200, Map.of("content-type", "text/plain"));
    pods.readLog(
        pod.get(),
        container,
        "true".equals(request.query().get("previous")),
        query,
        response::write);
  }
}
