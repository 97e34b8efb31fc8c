package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The two kinds of `metrics.k8s.io/v1beta1` (k8s.io/metrics, pkg/apis/metrics/v1beta1).
final class UsageKinds {
  private static final String PREFIX = "io.k8s.metrics.pkg.apis.metrics.v1beta1.";
  private static final MapType USAGE = Shape.mapOf(Scalar.QUANTITY);

  private static final ObjectType CONTAINER =
      Shape.of(PREFIX + "ContainerMetrics")
          .add("name", Scalar.STRING, "The container.")
          .add("usage", USAGE, "`cpu` over the window, `memory` now (the working set).")
          .done();

  private UsageKinds() {}

  static ObjectType of(ResourceType type) {
    Shape shape =
        Shape.of(PREFIX + type.kind())
            .add("apiVersion", Scalar.STRING, "`metrics.k8s.io/v1beta1`.")
            .add("kind", Scalar.STRING, "The kind.")
            .add("metadata", OwnKinds.META, "The name and labels of what was measured.")
            .add("timestamp", Scalar.TIME, "The end of the window.")
            .add("window", Scalar.DURATION, "Between the two samples that `cpu` follows from.");
    return type.equals(Kinds.POD_METRICS)
        ? shape
            .add("containers", Shape.listByKey(CONTAINER, "name"), "Those with processes.")
            .done()
        : shape.add("usage", USAGE, "`cpu` over the window, `memory` now.").done();
  }

  static List<Column> columns(ResourceType type) {
    boolean pod = type.equals(Kinds.POD_METRICS);
    return List.of(
        Cells.name(),
        Cells.text("CPU", "Used of the processors.", o -> sum(o, pod, "cpu").toString()),
        Cells.text("Memory", "Used of the memory.", o -> sum(o, pod, "memory").toString()),
        Cells.text("Window", "What it was measured over.", o -> Json.text(o, "window")));
  }

  private static Quantity sum(JsonNode object, boolean pod, String resource) {
    if (!pod) {
      return quantity(object, resource);
    }
    return object
        .path("containers")
        .valueStream()
        .map(container -> quantity(container, resource))
        .reduce(Quantity::plus)
        .orElse(Quantity.ZERO);
  }

  private static Quantity quantity(JsonNode holder, String resource) {
    return Quantity.tryParse(Json.text(holder, "usage", resource)).orElse(Quantity.ZERO);
  }
}
