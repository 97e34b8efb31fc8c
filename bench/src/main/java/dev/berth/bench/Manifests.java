package dev.berth.bench;

import dev.berth.api.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked for: the same pod of both.
final class Manifests {
  private Manifests() {}

  /// Containers that only stay: `c1`, `c2`, ...
  static ObjectNode pod(String name, String image, int containers) {
    ObjectNode pod =
        Json.parseObject(
            """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "default"},
             "spec": {"terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false}}
            """);
    Json.ensure(pod, "metadata").put("name", name);
    ArrayNode all = Json.ensure(pod, "spec").putArray("containers");
    for (int i = 1; i <= containers; i++) {
      ObjectNode container = all.addObject().put("name", "c" + i).put("image", image);
      container.put("imagePullPolicy", "IfNotPresent");
      container.putArray("command").add("/stamp").add("stay");
      // Without a wish it would be counted as 100m: twenty would fill a small host.
      Json.ensure(container, "resources", "requests").put("cpu", "1m");
    }
    return pod;
  }
}
