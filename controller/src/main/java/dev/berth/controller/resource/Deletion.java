package dev.berth.controller.resource;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a delete request does to an object: remove it now, or mark it and wait for its
/// finalizers or, a bound pod, for its agent. A second, more urgent request may shorten the wait. A
/// definition comes to be held only here: what its authors wrote before takes nothing of that away.
sealed interface Deletion {
  record Remove() implements Deletion {}

  record Mark(ObjectNode marked) implements Deletion {}

  record Unchanged() implements Deletion {}

  Set<String> FINISHED = Set.of("Succeeded", "Failed");
  long DEFAULT_GRACE = 30;

  static Deletion decide(ResourceType type, ObjectNode object, DeleteOptions options, Instant now) {
    ObjectNode marked = Json.deepCopy(object);
    addFinalizer(type, marked, options);
    long grace = type.equals(Kinds.POD) ? podGrace(object, options) : 0;
    boolean already = Json.isDeleting(object);
    long present = Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong(0);
    if (!already || grace < present) {
      mark(type, marked, grace, already ? deletionAsked(object, present, now) : now);
    }
    if (!KindRules.isHeld(type, marked)) {
      return new Remove();
    }
    return marked.equals(object) ? new Unchanged() : new Mark(marked);
  }

  private static void mark(ResourceType type, ObjectNode object, long grace, Instant asked) {
    ObjectNode meta = Json.meta(object);
    meta.put("deletionTimestamp", Times.format(asked.plusSeconds(grace)));
    meta.put("deletionGracePeriodSeconds", grace);
    if (KindRules.hasGeneration(type)) {
      meta.put("generation", Json.generation(object) + 1);
    }
    if (type.equals(Kinds.NAMESPACE)) {
      Json.ensure(object, "status").put("phase", "Terminating");
    }
  }

  private static Instant deletionAsked(ObjectNode object, long grace, Instant now) {
    return Times.at(object, "metadata", "deletionTimestamp")
        .map(t -> t.minusSeconds(grace))
        .orElse(now);
  }

  /// Nobody runs a pod that was never bound, and a finished one needs no time to stop.
  private static long podGrace(JsonNode pod, DeleteOptions options) {
    boolean nobodyRunsIt =
        Json.text(pod, "spec", "nodeName").isEmpty()
            || FINISHED.contains(Json.text(pod, "status", "phase"));
    if (nobodyRunsIt) {
      return 0;
    }
    long own = Json.at(pod, "spec", "terminationGracePeriodSeconds").asLong(DEFAULT_GRACE);
    return Math.max(0, options.gracePeriodSeconds().orElse(own));
  }

  private static void addFinalizer(ResourceType type, ObjectNode object, DeleteOptions options) {
    if (type.equals(Kinds.CUSTOM_RESOURCE_DEFINITION) && !Json.isDeleting(object)) {
      add(object, KindRules.OBJECTS_FIRST);
    }
    Optional<String> finalizer =
        switch (options.propagation()) {
          case BACKGROUND -> Optional.empty();
          case FOREGROUND -> Optional.of("foregroundDeletion");
          case ORPHAN -> Optional.of("orphan");
        };
    finalizer.ifPresent(name -> add(object, name));
  }

  private static void add(ObjectNode object, String finalizer) {
    ObjectNode meta = Json.meta(object);
    ArrayNode list =
        meta.get("finalizers") instanceof ArrayNode present ? present : meta.putArray("finalizers");
    for (JsonNode each : list) {
      if (each.asString("").equals(finalizer)) {
        return;
      }
    }
    list.add(finalizer);
  }
}
