package dev.berth.hardening.input;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.codec.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Valid objects to begin with, from `samples.yaml`: one of each kind that can be written, one of a
/// custom kind, and what is sent to subresources.
final class Samples {
  static final String NAMESPACE = "default";

  static final String DEFINITIONS = Kinds.CUSTOM_RESOURCE_DEFINITION.collectionPath("");

  /// The custom kind; its definition is the definition among the samples under another name.
  static final ResourceType WIDGET =
      new ResourceType(
          new GroupVersionKind("input.example.com", "v1", "Widget"),
          "widgets",
          "widget",
          true,
          List.of(),
          List.of(),
          Set.of("status", "scale"));

  private final List<ObjectNode> objects = new ArrayList<>();

  Samples() throws IOException {
    try (InputStream in = Samples.class.getResourceAsStream("/hardening/samples.yaml")) {
      byte[] text = Objects.requireNonNull(in, "samples.yaml").readAllBytes();
      Manifests.parse("samples.yaml", text).forEach(sample -> objects.add(sample.tree()));
    }
  }

  /// Kinds whose objects are created at a collection's path.
  static List<ResourceType> types() {
    return Stream.of(Kinds.all(), Kinds.otherVersions(), List.of(WIDGET))
        .flatMap(List::stream)
        .toList();
  }

  /// A copy, with that name where its kind lets it have any.
  ObjectNode of(ResourceType type, String name) {
    ObjectNode object = of(type.gvk().apiVersion(), type.kind());
    if (Json.name(object).isEmpty() && type.stored()) {
      Json.meta(object).put("name", name);
    }
    if (type.namespaced()) {
      Json.meta(object).put("namespace", NAMESPACE);
    }
    if (type.stored()) {
      Json.ensure(object, "metadata", "labels").put("a", "b");
    }
    return object;
  }

  /// A copy of what is sent to a subresource.
  ObjectNode of(String apiVersion, String kind) {
    return objects.stream()
        .filter(o -> Json.text(o, "kind").equals(kind))
        .filter(o -> Json.text(o, "apiVersion").equals(apiVersion))
        .map(Json::deepCopy)
        .findFirst()
        .orElseThrow(() -> new AssertionError("samples.yaml lacks " + apiVersion + " " + kind));
  }

  ObjectNode definitionOfWidgets() {
    String gadgets = of(Kinds.CUSTOM_RESOURCE_DEFINITION, "").toString();
    return Json.parseObject(
        gadgets
            .replace("gadget", "widget")
            .replace("Gadget", "Widget")
            .replace("\"gad\"", "\"wid\""));
  }
}
