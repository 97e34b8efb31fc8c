package dev.berth.api.schema;

import dev.berth.api.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Events of events.k8s.io/v1, which ask for more than those of v1; the words are Kubernetes'.
final class EventRules {
  private EventRules() {}

  static void grouped(JsonNode event, List<FieldError> errors) {
    for (String field :
        List.of("eventTime", "reportingController", "reportingInstance", "action", "reason")) {
      if (Json.text(event, field).isEmpty()) {
        errors.add(FieldError.required(field, ""));
      }
    }
    ContainerRules.supported(event, "type", Set.of("Normal", "Warning"), "", errors);
    String about = Json.text(event, "regarding", "namespace");
    if (!about.isEmpty() && !about.equals(Json.namespace(event))) {
      errors.add(
          FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace"));
    }
  }
}
