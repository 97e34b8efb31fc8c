package dev.berth.api.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a kind demands beyond the types of its fields. Rules run on trees that may still have wrong
/// types: they read leniently and leave those to the type check.
interface Rules {
  Rules NONE = (_, _) -> {};

  void check(JsonNode object, List<FieldError> errors);

  default void checkUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {}
}
