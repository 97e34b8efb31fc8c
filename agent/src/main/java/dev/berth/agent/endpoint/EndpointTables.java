package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import dev.berth.api.Conditions;
import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// From ModelApps and EndpointSlices to the gateway's and the ingress's tables. Pure.
public final class EndpointTables {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private EndpointTables() {}

  /// Only of ModelApps whose spec was accepted.
  public static Map<String, EndpointConfig> endpoints(
      Collection<? extends JsonNode> modelApps, Collection<? extends JsonNode> slices) {
    Map<String, EndpointConfig> all = new TreeMap<>();
    for (JsonNode object : modelApps) {
      if (accepted(object)) {
        ModelApp app = ModelApp.read(object);
        var endpoint = app.spec().endpoint();
        List<ReplicaAddress> replicas = ready(slices, app.namespace(), app.endpointService());
        EndpointConfig config =
            new EndpointConfig(
                app.namespace(),
                app.name(),
                app.endpointService(),
                protocol(endpoint.protocol(), object),
                endpoint.modelName(),
                version(app.spec().model().version(), object),
                endpoint.basePath(),
                endpoint.requestTimeout(),
                app.spec().model().concurrency(),
                replicas);
        all.put(config.key(), config);
      }
    }
    return all;
  }

  /// Without a version the image's tag is one; a digest says nothing to people.
  private static String version(Optional<String> given, JsonNode object) {
    return given.orElseGet(
        () ->
            ImageRef.tryParse(Json.text(object, "spec", "model", "image"))
                .filter(image -> image.digest().isEmpty())
                .flatMap(ImageRef::tag)
                .orElse(""));
  }

  /// Where it was left to us to find out, the status has what was found.
  private static Protocol protocol(Protocol declared, JsonNode object) {
    if (declared != Protocol.AUTO) {
      return declared;
    }
    String found =
        Json.text(object, "status", "endpoint", "protocol")
            .toLowerCase(Locale.ROOT)
            .replace("-", "");
    return switch (found) {
      case "openinference" -> Protocol.OPEN_INFERENCE;
      case "openai" -> Protocol.OPENAI;
      case "http" -> Protocol.HTTP;
      default -> Protocol.AUTO;
    };
  }

  private static boolean accepted(JsonNode object) {
    return Conditions.isTrue(object, "SpecAccepted");
  }

  private static List<ReplicaAddress> ready(
      Collection<? extends JsonNode> slices, String namespace, String service) {
    List<ReplicaAddress> found = new ArrayList<>();
    for (JsonNode slice : slices) {
      if (namespace.equals(Json.namespace(slice))
          && service.equals(Json.labels(slice).get(SERVICE_NAME))) {
        int port = slice.path("ports").path(0).path("port").asInt(0);
        String revision = Json.labels(slice).getOrDefault("berth.dev/revision", "");
        slice
            .path("endpoints")
            .valueStream()
            .filter(e -> e.path("conditions").path("ready").asBoolean(true))
            .forEach(
                e ->
                    e.path("addresses")
                        .forEach(a -> found.add(new ReplicaAddress(a.asString(), port, revision))));
      }
    }
    return found.stream().distinct().toList();
  }

  /// Hosts and paths, longest path first, to the ready app pods.
  public static List<IngressRoute> routes(
      Collection<? extends JsonNode> modelApps, Collection<? extends JsonNode> slices) {
    List<IngressRoute> routes = new ArrayList<>();
    for (JsonNode object : modelApps) {
      if (accepted(object)) {
        ModelApp app = ModelApp.read(object);
        app.spec()
            .ingress()
            .ifPresent(
                i ->
                    routes.add(
                        new IngressRoute(
                            i.host().toLowerCase(Locale.ROOT),
                            i.path(),
                            app.namespace(),
                            app.name(),
                            ready(slices, app.namespace(), app.appService()))));
      }
    }
    routes.sort((a, b) -> b.path().length() - a.path().length());
    return List.copyOf(routes);
  }
}
