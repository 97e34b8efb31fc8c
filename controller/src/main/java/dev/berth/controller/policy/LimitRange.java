package dev.berth.controller.policy;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The limits of a namespace: what containers get that say nothing, and between which amounts
/// containers, pods and claims must stay. The words are those of Kubernetes' LimitRanger.
public final class LimitRange {
  private static final List<String> CONTAINERS = List.of("initContainers", "containers");

  private LimitRange() {}

  /// Changes the pod in place.
  ///
  /// @return whether anything was filled in
  public static boolean fill(JsonNode range, ObjectNode pod) {
    boolean filled = false;
    for (JsonNode item : items(range, "Container")) {
      for (String list : CONTAINERS) {
        for (JsonNode container : Json.at(pod, "spec", list)) {
          if (container instanceof ObjectNode own) {
            filled |= fill(own, "limits", item.path("default"));
            filled |= fill(own, "requests", item.path("defaultRequest"));
          }
        }
      }
    }
    return filled;
  }

  private static boolean fill(ObjectNode container, String field, JsonNode defaults) {
    boolean filled = false;
    for (Map.Entry<String, JsonNode> each : defaults.properties()) {
      ObjectNode amounts = Json.ensure(container, "resources", field);
      if (!amounts.has(each.getKey())) {
        amounts.set(each.getKey(), each.getValue().deepCopy());
        filled = true;
      }
    }
    return filled;
  }

  /// Everything that is outside of the limits; empty when the pod may be stored.
  public static List<String> problemsOfPod(JsonNode range, JsonNode pod) {
    List<String> problems = new ArrayList<>();
    for (JsonNode item : items(range, "Container")) {
      for (String list : List.of("containers", "initContainers")) {
        for (JsonNode container : Json.at(pod, "spec", list)) {
          check(
              item,
              Amounts.read(Json.at(container, "resources", "requests")),
              Amounts.read(Json.at(container, "resources", "limits")),
              problems);
        }
      }
    }
    for (JsonNode item : items(range, "Pod")) {
      check(item, PodAmounts.requests(pod), PodAmounts.limits(pod), problems);
    }
    return problems;
  }

  public static List<String> problemsOfClaim(JsonNode range, JsonNode claim) {
    List<String> problems = new ArrayList<>();
    Amounts asked = Amounts.read(Json.at(claim, "spec", "resources", "requests"));
    for (JsonNode item : items(range, "PersistentVolumeClaim")) {
      Amounts.read(item.path("min"))
          .of()
          .forEach((name, least) -> least(item, name, least, asked, Amounts.NONE, problems));
      Amounts.read(item.path("max"))
          .of()
          .forEach(
              (name, most) ->
                  request(rule(item, "maximum", name, most), asked, name, most, problems));
    }
    return problems;
  }

  private static void request(
      String rule, Amounts requests, String name, Quantity most, List<String> problems) {
    Optional.ofNullable(requests.of().get(name))
        .filter(amount -> amount.compareTo(most) > 0)
        .ifPresent(amount -> problems.add(rule + ", but request is " + amount));
  }

  private static List<JsonNode> items(JsonNode range, String type) {
    return Json.at(range, "spec", "limits")
        .valueStream()
        .filter(item -> Json.text(item, "type").equals(type))
        .toList();
  }

  private static void check(
      JsonNode item, Amounts requests, Amounts limits, List<String> problems) {
    Amounts.read(item.path("min"))
        .of()
        .forEach((name, least) -> least(item, name, least, requests, limits, problems));
    Amounts.read(item.path("max"))
        .of()
        .forEach((name, most) -> most(item, name, most, requests, limits, problems));
    Amounts.read(item.path("maxLimitRequestRatio"))
        .of()
        .forEach((name, most) -> ratio(item, name, most, requests, limits, problems));
  }

  private static void least(
      JsonNode item,
      String name,
      Quantity least,
      Amounts requests,
      Amounts limits,
      List<String> problems) {
    String rule = rule(item, "minimum", name, least);
    Optional<Quantity> request = Optional.ofNullable(requests.of().get(name));
    Optional<Quantity> limit = Optional.ofNullable(limits.of().get(name));
    if (request.isEmpty()) {
      problems.add(rule + ".  No request is specified");
    } else if (request.get().compareTo(least) < 0) {
      problems.add(rule + ", but request is " + request.get());
    } else if (limit.filter(amount -> amount.compareTo(least) < 0).isPresent()) {
      problems.add(rule + ", but limit is " + limit.get());
    }
  }

  private static void most(
      JsonNode item,
      String name,
      Quantity most,
      Amounts requests,
      Amounts limits,
      List<String> problems) {
    String rule = rule(item, "maximum", name, most);
    Optional<Quantity> limit = Optional.ofNullable(limits.of().get(name));
    if (limit.isEmpty()) {
      problems.add(rule + ".  No limit is specified");
    } else if (limit.get().compareTo(most) > 0) {
      problems.add(rule + ", but limit is " + limit.get());
    } else {
      request(rule, requests, name, most, problems);
    }
  }

  private static void ratio(
      JsonNode item,
      String name,
      Quantity most,
      Amounts requests,
      Amounts limits,
      List<String> problems) {
    String rule = name + " max limit to request ratio per " + type(item) + " is " + most;
    double request = requests.get(name).amount().doubleValue();
    double limit = limits.get(name).amount().doubleValue();
    if (request == 0) {
      problems.add(rule + ", but no request is specified or request is 0");
    } else if (limit == 0) {
      problems.add(rule + ", but no limit is specified or limit is 0");
    } else if (limit / request > most.amount().doubleValue()) {
      problems.add(
          String.format(Locale.ROOT, "%s, but provided ratio is %f", rule, limit / request));
    }
  }

  private static String rule(JsonNode item, String word, String name, Quantity bound) {
    return word + " " + name + " usage per " + type(item) + " is " + bound;
  }

  private static String type(JsonNode item) {
    return Json.text(item, "type");
  }
}
