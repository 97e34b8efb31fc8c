package dev.berth.agent.pod;

import dev.berth.agent.network.ServiceTable;
import dev.berth.api.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The variables by which containers find services (kubernetes.io: "Accessing the Service",
/// "Environment variables"): host and port by the service's name, and the same in the form that
/// Docker's links once had. Pure.
final class ServiceVariables {
  private ServiceVariables() {}

  /// Of the services of the pod's own namespace, unless `spec.enableServiceLinks` is false; the API
  /// server's service comes in any case.
  static Map<String, String> of(Collection<? extends JsonNode> services, JsonNode pod) {
    boolean links = pod.path("spec").path("enableServiceLinks").asBoolean(true);
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode service : services) {
      boolean near = links && Json.namespace(service).equals(Json.namespace(pod));
      if (ServiceTable.isTheApi(service) || near) {
        add(service, all);
      }
    }
    return all;
  }

  private static void add(JsonNode service, Map<String, String> all) {
    String host = Json.text(service, "spec", "clusterIP");
    JsonNode ports = service.path("spec").path("ports");
    if (host.isEmpty() || host.equals("None") || ports.isEmpty()) {
      return;
    }
    String name = word(Json.name(service));
    int first = ports.path(0).path("port").asInt();
    all.put(name + "_SERVICE_HOST", host);
    all.put(name + "_SERVICE_PORT", Integer.toString(first));
    for (JsonNode port : ports) {
      String called = Json.text(port, "name");
      if (!called.isEmpty()) {
        all.put(
            name + "_SERVICE_PORT_" + word(called), Integer.toString(port.path("port").asInt()));
      }
    }
    all.put(name + "_PORT", url(ports.path(0), host));
    ports.forEach(port -> link(name, host, port, all));
  }

  private static void link(String name, String host, JsonNode port, Map<String, String> all) {
    String number = Integer.toString(port.path("port").asInt());
    String protocol = port.path("protocol").asString("TCP");
    String prefix = name + "_PORT_" + number + "_" + protocol.toUpperCase(Locale.ROOT);
    all.put(prefix, url(port, host));
    all.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
    all.put(prefix + "_PORT", number);
    all.put(prefix + "_ADDR", host);
  }

  private static String url(JsonNode port, String host) {
    String protocol = port.path("protocol").asString("TCP").toLowerCase(Locale.ROOT);
    return protocol + "://" + host + ":" + port.path("port").asInt();
  }

  private static String word(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
