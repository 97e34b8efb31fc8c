package dev.berth.agent.probe;

import dev.berth.api.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// One probe of a container, with Kubernetes' defaults filled in.
public record Probe(
    Handler handler,
    Duration initialDelay,
    Duration period,
    Duration timeout,
    int successes,
    int failures) {
  /// How to ask.
  public sealed interface Handler {
    record Http(String scheme, String path, int port, Map<String, String> headers)
        implements Handler {}

    record Tcp(int port) implements Handler {}

    record Exec(List<String> command) implements Handler {
      public Exec {
        command = List.copyOf(command);
      }
    }

    /// A model that must speak `protocol` on this port; `auto` finds out which one.
    record Endpoint(String protocol, String modelName, String basePath, int port)
        implements Handler {}
  }

  public static Probe every(Duration period, Handler handler) {
    return new Probe(handler, Duration.ZERO, period, Duration.ofSeconds(1), 1, 3);
  }

  /// The same question, failed for good when it had no good answer for this long.
  public Probe within(Duration limit) {
    int rounds = (int) Math.max(1, (limit.toMillis() + period.toMillis() - 1) / period.toMillis());
    return new Probe(handler, initialDelay, period, timeout, successes, rounds + 1);
  }

  /// From the start until it has failed for good, when no answer is good.
  public Duration lasts() {
    return initialDelay.plus(period.multipliedBy(failures));
  }

  /// The same with another time for each answer.
  public Probe timingOut(Duration limit) {
    return new Probe(handler, initialDelay, period, limit, successes, failures);
  }

  /// Another question in the same rhythm.
  public Probe asking(Handler other) {
    return new Probe(other, initialDelay, period, timeout, successes, failures);
  }

  /// From the Kubernetes form; named ports are looked up in the container's own list.
  public static Optional<Probe> read(JsonNode probe, JsonNode container) {
    return handler(probe, container)
        .map(
            h ->
                new Probe(
                    h,
                    seconds(probe, "initialDelaySeconds", 0),
                    seconds(probe, "periodSeconds", 10),
                    seconds(probe, "timeoutSeconds", 1),
                    Math.max(1, probe.path("successThreshold").asInt(1)),
                    Math.max(1, probe.path("failureThreshold").asInt(3))));
  }

  private static Duration seconds(JsonNode probe, String name, int fallback) {
    return Duration.ofSeconds(probe.path(name).asInt(fallback));
  }

  private static Optional<Handler> handler(JsonNode probe, JsonNode container) {
    if (probe.has("httpGet")) {
      JsonNode get = probe.path("httpGet");
      Map<String, String> headers = new TreeMap<>();
      get.path("httpHeaders")
          .forEach(h -> headers.put(Json.text(h, "name"), Json.text(h, "value")));
      String path = get.path("path").asString("/");
      return Optional.of(
          new Handler.Http(
              get.path("scheme").asString("HTTP").toLowerCase(java.util.Locale.ROOT),
              path.startsWith("/") ? path : "/" + path,
              port(get.path("port"), container),
              headers));
    }
    if (probe.has("tcpSocket")) {
      return Optional.of(new Handler.Tcp(port(probe.path("tcpSocket").path("port"), container)));
    }
    if (probe.has("exec")) {
      return Optional.of(
          new Handler.Exec(
              probe.path("exec").path("command").valueStream().map(JsonNode::asString).toList()));
    }
    return Optional.empty();
  }

  private static int port(JsonNode port, JsonNode container) {
    if (port.isNumber()) {
      return port.asInt();
    }
    String name = port.asString("");
    return container
        .path("ports")
        .valueStream()
        .filter(p -> name.equals(Json.text(p, "name")))
        .map(p -> p.path("containerPort").asInt())
        .findFirst()
        .orElseGet(() -> name.matches("[0-9]+") ? Integer.parseInt(name) : 0);
  }
}
