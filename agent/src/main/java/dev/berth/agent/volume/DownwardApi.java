package dev.berth.agent.volume;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What a pod may know about itself: `fieldRef` and `resourceFieldRef` of variables and of
/// `downwardAPI` volumes (kubernetes.io: "Downward API"). Pure.
///
/// @param pod the object; its labels and annotations are those of the moment
/// @param allocatable what counts as the limit of a container without one
public record DownwardApi(
    JsonNode pod, String podAddress, String hostAddress, Function<String, Quantity> allocatable) {

  /// The text of a field; empty for one that the pod does not have.
  public String field(String path) {
    if (path.startsWith("metadata.labels['")) {
      return Json.labels(pod).getOrDefault(quoted(path), "");
    }
    if (path.startsWith("metadata.annotations['")) {
      return Json.annotations(pod).getOrDefault(quoted(path), "");
    }
    return switch (path) {
      case "metadata.labels" -> lines(Json.labels(pod));
      case "metadata.annotations" -> lines(Json.annotations(pod));
      case "spec.serviceAccountName" -> account(pod);
      case "status.podIP", "status.podIPs" -> podAddress;
      case "status.hostIP", "status.hostIPs" -> hostAddress;
      default -> Json.text(pod, path.split("\\.", -1));
    };
  }

  /// As whom the pod asks the API.
  static String account(JsonNode pod) {
    String name = Json.text(pod.path("spec"), "serviceAccountName");
    return name.isEmpty() ? "default" : name;
  }

  private static String quoted(String path) {
    return path.substring(path.indexOf('\'') + 1, path.lastIndexOf('\''));
  }

  /// `key="value"`, a line each, in the order of the keys.
  private static String lines(Map<String, String> all) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(all)
        .forEach(
            (key, value) ->
                out.append(out.isEmpty() ? "" : "\n").append(key).append('=').append(quote(value)));
    return out.toString();
  }

  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /// Of a container: `limits.cpu`, `requests.memory` and so on, in units of the divisor, rounded
  /// up.
  ///
  /// @param own the container that asks, which is meant when the reference names none
  public String resource(JsonNode reference, JsonNode own) {
    String[] path = Json.text(reference, "resource").split("\\.", 2);
    String name = path.length > 1 ? path[1] : "";
    JsonNode resources = named(Json.text(reference, "containerName"), own).path("resources");
    Optional<Quantity> set = quantity(resources.path(path[0]).path(name));
    Quantity value =
        set.or(
                () ->
                    path[0].equals("limits")
                        ? Optional.of(allocatable.apply(name))
                        : quantity(resources.path("limits").path(name)))
            .orElse(Quantity.ZERO);
    return value.amount().divide(divisor(reference), 0, RoundingMode.CEILING).toPlainString();
  }

  private JsonNode named(String container, JsonNode own) {
    if (container.isEmpty()) {
      return own;
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      for (JsonNode c : pod.path("spec").path(list)) {
        if (container.equals(Json.text(c, "name"))) {
          return c;
        }
      }
    }
    return own;
  }

  private static Optional<Quantity> quantity(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Quantity.tryParse(value.asString(""));
  }

  /// Absent and zero mean one.
  private static BigDecimal divisor(JsonNode reference) {
    return quantity(reference.path("divisor"))
        .map(Quantity::amount)
        .filter(d -> d.signum() > 0)
        .orElse(BigDecimal.ONE);
  }
}
