package dev.berth.api.modelapp;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the user wants, defaults applied.
public record ModelAppSpec(
    ModelSpec model,
    EndpointSpec endpoint,
    Optional<AppSpec> app,
    ScaleSpec scale,
    Optional<IngressSpec> ingress) {

  static ModelAppSpec read(JsonNode spec, String objectName) {
    return new ModelAppSpec(
        ModelSpec.read(spec.path("model")),
        EndpointSpec.read(spec.path("endpoint"), objectName),
        Optional.of(spec.path("app")).filter(JsonNode::isObject).map(AppSpec::read),
        ScaleSpec.read(spec.path("scale")),
        Optional.of(spec.path("ingress")).filter(JsonNode::isObject).map(IngressSpec::read));
  }
}
