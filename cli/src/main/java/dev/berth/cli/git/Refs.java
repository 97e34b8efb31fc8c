package dev.berth.cli.git;

import dev.berth.api.Json;
import dev.berth.api.Printable;
import tools.jackson.databind.JsonNode;

/// References to objects in a status, as a line: text as it is, an object as `Kind/name`, with its
/// namespace where it has one.
final class Refs {
  private Refs() {}

  static String text(JsonNode ref) {
    if (!ref.isObject()) {
      return Printable.line(ref.asString(""));
    }
    if (ref.has("ref")) {
      return text(ref.path("ref"));
    }
    String ns = Json.text(ref, "namespace");
    return Printable.line(
        Json.text(ref, "kind") + "/" + (ns.isEmpty() ? "" : ns + "/") + Json.text(ref, "name"));
  }
}
