package dev.berth.agent.endpoint;

import dev.berth.api.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Who has which address on this host. A source address is proof: the network drops what a pod
/// sends under another.
public record Callers(Map<String, Caller> byAddress) {
  public static final Callers NONE = new Callers(Map.of());

  public record Caller(String namespace, String pod, Map<String, String> labels) {}

  public static Callers of(Collection<? extends JsonNode> pods) {
    Map<String, Caller> found = new HashMap<>();
    for (JsonNode pod : pods) {
      String address = Json.text(pod, "status", "podIP");
      if (!address.isEmpty()) {
        found.put(address, new Caller(Json.namespace(pod), Json.name(pod), Json.labels(pod)));
      }
    }
    return new Callers(Map.copyOf(found));
  }

  /// Only the app of the same ModelApp.
  boolean mayCall(String address, EndpointConfig endpoint) {
    Caller caller = byAddress.get(address);
    return caller != null
        && caller.namespace().equals(endpoint.namespace())
        && endpoint.modelApp().equals(caller.labels().get("berth.dev/modelapp"))
        && "app".equals(caller.labels().get("berth.dev/component"));
  }

  String describe(String address) {
    Caller caller = byAddress.get(address);
    return caller == null ? address : "pod " + caller.namespace() + "/" + caller.pod();
  }
}
