package dev.berth.gitops.sync;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether an object that is there does what it is there for. Kinds without a life of their own are
/// healthy as soon as they exist; a kind that is not known here is judged by its conditions.
public record Health(State state, String message) {

  /// From the worst to the best.
  public enum State {
    DEGRADED("Degraded"),
    MISSING("Missing"),
    PROGRESSING("Progressing"),
    UNKNOWN("Unknown"),
    HEALTHY("Healthy");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  private static final String CONTEXT_DIGEST = "berth.dev/context-digest.";

  public static final Health MISSING = new Health(State.MISSING, "is not there");
  private static final Health HEALTHY = new Health(State.HEALTHY, "");

  public boolean isHealthy() {
    return state == State.HEALTHY;
  }

  public static Health of(JsonNode object) {
    if (Json.isDeleting(object)) {
      return progressing("is being deleted");
    }
    return switch (Json.text(object, "kind")) {
      case "Deployment" -> deployment(object);
      case "StatefulSet", "ReplicaSet", "ReplicationController" -> replicas(object);
      case "DaemonSet" -> daemonSet(object);
      case "Job" -> job(object);
      case "Pod" -> pod(object);
      case "PersistentVolumeClaim" -> phase(object, "Bound");
      case "Namespace" -> HEALTHY;
      case "CustomResourceDefinition" -> byCondition(object, "Established");
      case "ModelApp" -> modelApp(object);
      case "GitRepository" -> ready(object);
      default -> anything(object);
    };
  }

  private static Health deployment(JsonNode object) {
    if (isBehind(object)) {
      return progressing("was not looked at yet");
    }
    Optional<Condition> progress = Conditions.find(object, "Progressing");
    if (progress.filter(found -> found.reason().equals("ProgressDeadlineExceeded")).isPresent()) {
      return degraded(progress.get().message());
    }
    long wanted = Json.at(object, "spec", "replicas").asLong(1);
    long updated = status(object, "updatedReplicas");
    long available = status(object, "availableReplicas");
    if (updated < wanted) {
      return progressing(updated + "/" + wanted + " updated");
    }
    if (status(object, "replicas") > updated) {
      return progressing((status(object, "replicas") - updated) + " old pods are still there");
    }
    return available < wanted ? progressing(available + "/" + wanted + " ready") : HEALTHY;
  }

  private static Health replicas(JsonNode object) {
    if (isBehind(object)) {
      return progressing("was not looked at yet");
    }
    long wanted = Json.at(object, "spec", "replicas").asLong(1);
    long ready = status(object, "readyReplicas");
    boolean updates =
        Json.text(object, "kind").equals("StatefulSet")
            && Json.at(object, "status", "updatedReplicas").isNumber();
    if (updates && status(object, "updatedReplicas") < wanted) {
      return progressing(status(object, "updatedReplicas") + "/" + wanted + " updated");
    }
    return ready < wanted ? progressing(ready + "/" + wanted + " ready") : HEALTHY;
  }

  private static Health daemonSet(JsonNode object) {
    if (isBehind(object)) {
      return progressing("was not looked at yet");
    }
    long wanted = status(object, "desiredNumberScheduled");
    long ready = status(object, "numberReady");
    long updated = status(object, "updatedNumberScheduled");
    if (updated < wanted) {
      return progressing(updated + "/" + wanted + " updated");
    }
    return ready < wanted ? progressing(ready + "/" + wanted + " ready") : HEALTHY;
  }

  private static Health job(JsonNode object) {
    Optional<Condition> failed = Conditions.find(object, "Failed").filter(Condition::isTrue);
    if (failed.isPresent()) {
      return degraded(failed.get().message());
    }
    return Conditions.isTrue(object, "Complete") ? HEALTHY : progressing("runs");
  }

  private static Health pod(JsonNode object) {
    return switch (Json.text(object, "status", "phase")) {
      case "Succeeded" -> HEALTHY;
      case "Failed" -> degraded(orElse(Json.text(object, "status", "message"), "has failed"));
      case "Running" -> Conditions.isTrue(object, "Ready") ? HEALTHY : progressing("is not ready");
      default -> progressing("waits for its start");
    };
  }

  private static Health phase(JsonNode object, String wanted) {
    String phase = Json.text(object, "status", "phase");
    return phase.equals(wanted) ? HEALTHY : progressing("is " + orElse(phase, "Pending"));
  }

  private static Health byCondition(JsonNode object, String type) {
    Optional<Condition> found = Conditions.find(object, type);
    return found.filter(Condition::isTrue).isPresent()
        ? HEALTHY
        : progressing(found.map(Condition::message).orElse("is not " + type + " yet"));
  }

  /// Code alone may have changed: then the generation stays, and the status tells by its contexts
  /// whether it speaks of the newest. What serves meanwhile is the revision before, so `Ready`
  /// alone would be too soon.
  private static Health modelApp(JsonNode object) {
    for (String component : List.of("model", "app")) {
      String wanted = Json.annotation(object, CONTEXT_DIGEST + component).orElse("");
      if (!wanted.isEmpty()
          && !wanted.equals(Json.text(object, "status", "contexts", component))
          && !Conditions.find(object, "SpecAccepted").filter(Health::isFalse).isPresent()) {
        return progressing("was not looked at yet");
      }
    }
    Optional<Condition> images = Conditions.find(object, "ImagesReady").filter(Health::isFalse);
    if (images.isPresent() && !isBehind(object) && !images.get().reason().equals("Building")) {
      return degraded(images.get().message());
    }
    Health ready = ready(object);
    Optional<Condition> progress = Conditions.find(object, "Progressing").filter(Condition::isTrue);
    return ready.isHealthy() && progress.isPresent()
        ? progressing(progress.get().message())
        : ready;
  }

  private static boolean isFalse(Condition condition) {
    return condition.status().equals(Condition.FALSE);
  }

  /// Kinds whose `Ready` is the whole story, with a reason that tells a wait from a failure.
  private static Health ready(JsonNode object) {
    Optional<Condition> refused =
        Conditions.find(object, "SpecAccepted")
            .or(() -> Conditions.find(object, "Stalled").map(Health::turned))
            .filter(found -> found.status().equals(Condition.FALSE));
    if (refused.isPresent() && !isBehind(object)) {
      return degraded(refused.get().message());
    }
    if (isBehind(object)) {
      return progressing("was not looked at yet");
    }
    Optional<Condition> degraded = Conditions.find(object, "Degraded").filter(Condition::isTrue);
    if (degraded.isPresent()) {
      return degraded(degraded.get().message());
    }
    return byCondition(object, "Ready");
  }

  private static Condition turned(Condition stalled) {
    return new Condition(
        stalled.type(),
        stalled.isTrue() ? Condition.FALSE : Condition.TRUE,
        stalled.reason(),
        stalled.message(),
        stalled.lastTransitionTime(),
        stalled.observedGeneration());
  }

  /// As kstatus has it: `Stalled` and `Reconciling` say that something is abnormal, `Ready` that
  /// all is well; without any of them the object is what it says.
  private static Health anything(JsonNode object) {
    for (String bad : List.of("Stalled", "Failed")) {
      Optional<Condition> found = Conditions.find(object, bad).filter(Condition::isTrue);
      if (found.isPresent()) {
        return degraded(found.get().message());
      }
    }
    if (isBehind(object) || Conditions.isTrue(object, "Reconciling")) {
      return progressing("was not looked at yet");
    }
    return Conditions.find(object, "Ready").isPresent() ? byCondition(object, "Ready") : HEALTHY;
  }

  /// Whoever acts on the object has not seen its newest spec. Where nobody notes down what was
  /// seen, there is nothing to be behind of, but for kinds that always do.
  private static boolean isBehind(JsonNode object) {
    JsonNode observed = Json.at(object, "status", "observedGeneration");
    boolean always =
        List.of("Deployment", "StatefulSet", "DaemonSet", "ModelApp")
            .contains(Json.text(object, "kind"));
    return (observed.isNumber() || always) && observed.asLong(0) < Json.generation(object);
  }

  private static long status(JsonNode object, String field) {
    return Json.at(object, "status", field).asLong(0);
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static Health progressing(String message) {
    return new Health(State.PROGRESSING, message);
  }

  private static Health degraded(String message) {
    return new Health(State.DEGRADED, message);
  }
}
