package dev.berth.api.modelapp;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import tools.jackson.databind.JsonNode;

/// One declared application: a model, the endpoint in front of it, and the app that calls it.
public record ModelApp(
    String namespace, String name, String uid, long generation, ModelAppSpec spec) {

  /// Reads an object that the schema accepts; defaults are applied here and nowhere else.
  public static ModelApp read(JsonNode object) {
    return new ModelApp(
        Json.namespace(object),
        Json.name(object),
        Json.uid(object),
        Json.generation(object),
        ModelAppSpec.read(object.path("spec"), Json.name(object)));
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /// The Service that the app calls: `digits-model`.
  public String endpointService() {
    return name + "-" + spec.endpoint().name();
  }

  public String appService() {
    return name + "-app";
  }

  /// What is injected into the app as the endpoint's URL.
  public String endpointUrl() {
    return "http://" + endpointService() + "." + namespace + ".svc.cluster.local";
  }
}
