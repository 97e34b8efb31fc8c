package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a pod may be evicted: every budget that covers it must allow it (`policy/v1
/// PodDisruptionBudget`). The budget is counted from the pods that are there now.
final class Evictions {
  private static final int RETRY_SECONDS = 10;

  private Evictions() {}

  /// @throws ApiException `TooManyRequests` naming the budget that does not allow it now
  static void require(Resources resources, ObjectNode pod) {
    ListQuery here = ListQuery.all(Json.namespace(pod));
    List<ObjectNode> pods = trees(resources, here, true);
    for (ObjectNode budget : trees(resources, here, false)) {
      problem(budget, pod, pods)
          .ifPresent(
              why -> {
                throw new ApiException(
                    new ApiError.TooManyRequests(
                        "Cannot evict pod as it would violate the pod's disruption budget. " + why,
                        RETRY_SECONDS));
              });
    }
  }

  private static List<ObjectNode> trees(Resources resources, ListQuery query, boolean pods) {
    return resources.list(pods ? Kinds.POD : Kinds.POD_DISRUPTION_BUDGET, query).items().stream()
        .map(Item::tree)
        .toList();
  }

  /// Why the budget does not let the pod go; empty when it does, or does not cover it.
  static Optional<String> problem(ObjectNode budget, ObjectNode pod, List<ObjectNode> pods) {
    LabelSelector selector = LabelSelector.of(Json.at(budget, "spec", "selector"));
    if (!selector.matches(Json.labels(pod))) {
      return Optional.empty();
    }
    List<ObjectNode> covered =
        pods.stream().filter(each -> selector.matches(Json.labels(each))).toList();
    long healthy = covered.stream().filter(Evictions::isHealthy).count();
    long needed = needed(budget.path("spec"), covered.size());
    long left = isHealthy(pod) ? healthy - 1 : healthy;
    return left >= needed
        ? Optional.empty()
        : Optional.of(
            "The disruption budget "
                + Json.name(budget)
                + " needs "
                + needed
                + " healthy pods and has "
                + healthy
                + " currently");
  }

  private static boolean isHealthy(ObjectNode pod) {
    return Conditions.isTrue(pod, "Ready") && !Json.isDeleting(pod);
  }

  private static long needed(JsonNode spec, int expected) {
    JsonNode most = spec.path("maxUnavailable");
    return most.isMissingNode()
        ? amount(spec.path("minAvailable"), expected)
        : Math.max(0, expected - amount(most, expected));
  }

  /// A number, or a part of `expected`, rounded up.
  private static long amount(JsonNode value, int expected) {
    String text = value.asString("");
    if (!text.endsWith("%")) {
      return value.asLong(0);
    }
    try {
      int percent = Integer.parseInt(text.substring(0, text.length() - 1));
      return Math.ceilDiv((long) percent * expected, 100);
    } catch (NumberFormatException e) {
      // Validation lets no such budget in.
      return expected;
    }
  }
}
