package dev.berth.controller.resource;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The namespaces that always exist.
public final class SystemNamespaces {
  public static final List<String> NAMES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private SystemNamespaces() {}

  public static void ensure(Resources resources) {
    for (String name : NAMES) {
      try {
        resources.create(Kinds.NAMESPACE, "", namespace(name), WriteOptions.DEFAULT);
      } catch (ApiException e) {
        if (!e.isAlreadyExists()) {
          throw e;
        }
      }
    }
  }

  private static ObjectNode namespace(String name) {
    ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    Json.meta(object).put("name", name);
    return object;
  }
}
