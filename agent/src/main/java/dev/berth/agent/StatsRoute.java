package dev.berth.agent;

import dev.berth.agent.stats.Stats;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /stats`: what the host and its pods use, for metrics.k8s.io. CPU time is cumulative; two
/// answers make a rate.
///
/// ```json
/// {"at": "2026-01-01T00:00:00.123Z", "node": {"cpuNanos": 1, "memoryBytes": 1},
///  "pods": [{"namespace": "shop", "name": "web", "uid": "u",
///            "containers": [{"name": "main", "cpuNanos": 1, "memoryBytes": 1}]}]}
/// ```
record StatsRoute(Sync sync, Stats stats, InstantSource clock) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    return request.matches("GET", 1, "stats", "stats")
        ? Optional.of(
            response -> {
              byte[] answer = Json.bytes(answer());
              response.head(200, Map.of("content-type", "application/json"));
              response.write(answer);
            })
        : Optional.empty();
  }

  private ObjectNode answer() {
    ObjectNode out = Json.object().put("at", clock.instant().toString());
    out.set("node", use(stats.host()));
    ArrayNode pods = out.putArray("pods");
    sync.pods().forEach(pod -> pods.add(pod(pod)));
    return out;
  }

  private ObjectNode pod(ObjectNode pod) {
    ObjectNode out =
        Json.object()
            .put("namespace", Json.namespace(pod))
            .put("name", Json.name(pod))
            .put("uid", Json.uid(pod));
    ArrayNode containers = out.putArray("containers");
    stats.pod(Json.uid(pod)).forEach(u -> containers.add(use(u).put("name", u.name())));
    return out;
  }

  private static ObjectNode use(Stats.Use use) {
    return Json.object().put("cpuNanos", use.cpuNanos()).put("memoryBytes", use.memoryBytes());
  }
}
