package dev.berth.agent.network;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// From Services and EndpointSlices to what the kernel and DNS must know. Pure.
///
/// @param vips each service address and where it leads: its ready pods, this host's gateway for a
///   model endpoint, its relay for the API server
/// @param names `name.namespace` to the addresses that DNS answers
/// @param modelPods addresses that only a gateway may connect to
public record ServiceTable(
    Map<Vip, List<Target>> vips, Map<String, List<String>> names, List<String> modelPods) {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String COMPONENT = "berth.dev/component";

  public static final ServiceTable EMPTY = new ServiceTable(Map.of(), Map.of(), List.of());

  /// The whole table anew.
  ///
  /// @param ownPods of this host, whose model pods are guarded before any slice names them
  /// @param here where this host itself answers for a service (`namespace/name`), if it does: its
  ///   gateway for a model endpoint, its relay for the API server
  public static ServiceTable compute(
      Collection<? extends JsonNode> services,
      Collection<? extends JsonNode> slices,
      Collection<? extends JsonNode> ownPods,
      Function<String, Optional<Target>> here) {
    Map<Vip, List<Target>> vips = new TreeMap<>();
    Map<String, List<String>> names = new TreeMap<>();
    for (JsonNode service : services) {
      String clusterIp = Json.text(service, "spec", "clusterIP");
      List<? extends JsonNode> mine = slices.stream().filter(s -> belongs(s, service)).toList();
      String name = Json.name(service) + "." + Json.namespace(service);
      boolean addressed = !clusterIp.isEmpty() && !clusterIp.equals("None");
      names.put(
          name,
          addressed
              ? List.of(clusterIp)
              : mine.stream().flatMap(s -> ready(s).stream()).distinct().toList());
      if (addressed) {
        service
            .path("spec")
            .path("ports")
            .forEach(
                port ->
                    vips.put(
                        new Vip(
                            clusterIp,
                            port.path("protocol").asString("TCP"),
                            port.path("port").asInt()),
                        targets(service, port, mine, here)));
      }
    }
    return new ServiceTable(vips, names, modelPods(slices, ownPods));
  }

  /// The service by which pods find the API server, in every cluster of this name (kubernetes.io:
  /// "Accessing the Kubernetes API from a Pod").
  public static boolean isTheApi(JsonNode service) {
    return Json.name(service).equals("kubernetes") && Json.namespace(service).equals("default");
  }

  private static boolean belongs(JsonNode slice, JsonNode service) {
    return Json.namespace(slice).equals(Json.namespace(service))
        && Json.name(service).equals(Json.labels(slice).get(SERVICE_NAME));
  }

  private static List<Target> targets(
      JsonNode service,
      JsonNode port,
      List<? extends JsonNode> slices,
      Function<String, Optional<Target>> here) {
    if (isTheApi(service) || "endpoint".equals(Json.labels(service).get(COMPONENT))) {
      return here.apply(Json.namespace(service) + "/" + Json.name(service)).stream().toList();
    }
    List<Target> found = new ArrayList<>();
    for (JsonNode slice : slices) {
      for (JsonNode candidate : slice.path("ports")) {
        if (candidate.path("name").asString("").equals(port.path("name").asString(""))) {
          ready(slice)
              .forEach(address -> found.add(new Target(address, candidate.path("port").asInt())));
        }
      }
    }
    return found.stream().distinct().sorted().toList();
  }

  private static List<String> ready(JsonNode slice) {
    return slice
        .path("endpoints")
        .valueStream()
        .filter(e -> e.path("conditions").path("ready").asBoolean(true))
        .flatMap(e -> e.path("addresses").valueStream())
        .map(JsonNode::asString)
        .toList();
  }

  /// With these pods guarded too.
  ServiceTable guarding(Collection<String> addresses) {
    TreeSet<String> all = new TreeSet<>(modelPods);
    all.addAll(addresses);
    return new ServiceTable(vips, names, List.copyOf(all));
  }

  ServiceTable without(String address) {
    return new ServiceTable(
        vips, names, modelPods.stream().filter(a -> !a.equals(address)).toList());
  }

  private static List<String> modelPods(
      Collection<? extends JsonNode> slices, Collection<? extends JsonNode> ownPods) {
    TreeSet<String> addresses = new TreeSet<>();
    for (JsonNode slice : slices) {
      if (Json.labels(slice).containsKey("berth.dev/revision")) {
        slice
            .path("endpoints")
            .forEach(e -> e.path("addresses").forEach(a -> addresses.add(a.asString())));
      }
    }
    for (JsonNode pod : ownPods) {
      String address = Json.text(pod, "status", "podIP");
      if ("model".equals(Json.labels(pod).get(COMPONENT)) && !address.isEmpty()) {
        addresses.add(address);
      }
    }
    return List.copyOf(addresses);
  }
}
