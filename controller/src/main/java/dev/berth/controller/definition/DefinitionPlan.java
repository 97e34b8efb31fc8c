package dev.berth.controller.definition;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The status that a definition should have. Pure.
///
/// NamesAccepted is true when no other kind of the group has one of the names; Established follows
/// it and then stays, because a kind that was served once has objects.
final class DefinitionPlan {
  private DefinitionPlan() {}

  /// The definition with the status that follows from it and from the others.
  static ObjectNode withStatus(ObjectNode definition, Collection<ObjectNode> others, Instant now) {
    ObjectNode next = Json.deepCopy(definition);
    ObjectNode status = Json.ensure(next, "status");
    Optional<Conflict> conflict = conflict(definition, others);
    accept(next, conflict, now);
    if (conflict.isEmpty() || !status.has("acceptedNames")) {
      JsonNode names = Json.at(definition, "spec", "names");
      status.set("acceptedNames", conflict.isEmpty() ? Json.deepCopy(names) : none());
    }
    storedVersions(next, status);
    return next;
  }

  private static ObjectNode none() {
    return Json.object().put("plural", "").put("kind", "");
  }

  private static void accept(ObjectNode next, Optional<Conflict> conflict, Instant now) {
    long generation = 0;
    if (conflict.isEmpty()) {
      set(next, "NamesAccepted", true, "NoConflicts", "no conflicts found", now, generation);
      set(
          next,
          "Established",
          true,
          "InitialNamesAccepted",
          "the initial names have been accepted",
          now,
          generation);
      return;
    }
    String reason = conflict.get().reason();
    String message = conflict.get().message();
    set(next, "NamesAccepted", false, reason, message, now, generation);
    if (!Conditions.isTrue(next, "Established")) {
      set(next, "Established", false, "NotAccepted", "not all names are accepted", now, generation);
    }
  }

  private static void set(
      ObjectNode next,
      String type,
      boolean yes,
      String reason,
      String message,
      Instant now,
      long generation) {
    String status = yes ? Condition.TRUE : Condition.FALSE;
    Conditions.set(next, new Condition(type, status, reason, message, now, generation));
  }

  /// Every version that objects may be stored in: once there, a version stays.
  private static void storedVersions(ObjectNode next, ObjectNode status) {
    ArrayNode stored =
        status.get("storedVersions") instanceof ArrayNode present
            ? present
            : status.putArray("storedVersions");
    for (JsonNode version : Json.at(next, "spec", "versions")) {
      String name = Json.text(version, "name");
      boolean known = stored.valueStream().anyMatch(each -> each.asString("").equals(name));
      if (version.path("storage").asBoolean(false) && !known) {
        stored.add(name);
      }
    }
  }

  private record Conflict(String reason, String message) {}

  private static Optional<Conflict> conflict(ObjectNode definition, Collection<ObjectNode> others) {
    String group = Json.text(definition, "spec", "group");
    Names own = Names.of(Json.at(definition, "spec", "names"));
    List<Names> taken = new ArrayList<>();
    List<ResourceType> builtIn = new ArrayList<>(Kinds.all());
    builtIn.addAll(Kinds.otherVersions());
    builtIn.addAll(Kinds.measured());
    for (ResourceType type : builtIn) {
      if (type.gvk().group().equals(group)) {
        taken.add(Names.of(type));
      }
    }
    for (ObjectNode other : others) {
      boolean rival =
          Json.text(other, "spec", "group").equals(group)
              && !Json.uid(other).equals(Json.uid(definition));
      if (rival) {
        JsonNode accepted = Json.at(other, "status", "acceptedNames");
        boolean first = Json.isEmpty(accepted) && isOlder(other, definition);
        taken.add(Names.of(first ? Json.at(other, "spec", "names") : accepted));
      }
    }
    return taken.stream().flatMap(names -> own.conflict(names).stream()).findFirst();
  }

  /// Of two that came together, and see each other without accepted names, one must yield.
  private static boolean isOlder(ObjectNode one, ObjectNode other) {
    return age(one).compareTo(age(other)) < 0;
  }

  private static String age(ObjectNode object) {
    return Json.text(object, "metadata", "creationTimestamp") + " " + Json.uid(object);
  }

  /// What a kind is called: in paths, in short, and in objects.
  private record Names(List<String> resources, String plural, String kind, String listKind) {
    static Names of(JsonNode names) {
      List<String> resources = new ArrayList<>();
      resources.add(Json.text(names, "plural"));
      resources.add(Json.text(names, "singular"));
      names.path("shortNames").forEach(each -> resources.add(each.asString("")));
      resources.removeIf(String::isEmpty);
      return new Names(
          resources,
          Json.text(names, "plural"),
          Json.text(names, "kind"),
          Json.text(names, "listKind"));
    }

    static Names of(ResourceType type) {
      List<String> resources = new ArrayList<>(type.shortNames());
      resources.add(type.plural());
      resources.add(type.singular().toLowerCase(Locale.ROOT));
      return new Names(resources, type.plural(), type.kind(), type.kind() + "List");
    }

    Optional<Conflict> conflict(Names other) {
      for (String name : resources) {
        if (other.resources().contains(name)) {
          String reason = name.equals(plural) ? "PluralConflict" : "NamesConflict";
          return Optional.of(new Conflict(reason, quoted(name)));
        }
      }
      boolean sameKind = !kind.isEmpty() && kind.equals(other.kind());
      boolean sameList = !listKind.isEmpty() && listKind.equals(other.listKind());
      if (sameKind || sameList) {
        String reason = sameKind ? "KindConflict" : "ListKindConflict";
        return Optional.of(new Conflict(reason, quoted(sameKind ? kind : listKind)));
      }
      return Optional.empty();
    }

    private static String quoted(String name) {
      return "\"" + name + "\" is already in use";
    }
  }
}
