package dev.berth.api.why;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Why a pod does not do its work. The agent's own word, the condition `berth.dev/Diagnosis`, comes
/// before what can be read from Kubernetes' fields, since it saw more.
public final class PodCauses {
  public static final String DIAGNOSIS = "berth.dev/Diagnosis";
  private static final String PROTOCOL = "berth.dev/EndpointProtocol";
  private static final Set<String> NO_IMAGE = Set.of("ErrImagePull", "ImagePullBackOff");
  private static final Set<String> NO_START =
      Set.of("CreateContainerError", "CreateContainerConfigError", "RunContainerError");

  private final PodPlace place;
  private final JsonNode pod;

  private PodCauses(JsonNode pod, String component) {
    this.pod = pod;
    this.place = new PodPlace(pod, component);
  }

  /// Empty while nothing speaks against the pod: it works, or may just be starting.
  ///
  /// @param component `model` or `app`, so that fixes name the ModelApp's fields; empty for a pod
  ///   that no ModelApp made
  public static Optional<Cause> of(JsonNode pod, String component) {
    return new PodCauses(pod, component).find();
  }

  private Optional<Cause> find() {
    if (Json.isDeleting(pod) || works()) {
      return Optional.empty();
    }
    return condition("PodScheduled", Reason.UNSCHEDULABLE.text(), Reason.UNSCHEDULABLE)
        .or(() -> condition("Ready", Reason.NODE_LOST.text(), Reason.NODE_LOST))
        .or(this::diagnosis)
        .or(this::evicted)
        .or(this::containers)
        .or(() -> condition(PROTOCOL, "ProtocolMismatch", Reason.PROTOCOL_MISMATCH))
        .or(() -> condition("Ready", "PortNotListening", Reason.PORT_NOT_LISTENING))
        .or(() -> condition("ContainersReady", "PortNotListening", Reason.PORT_NOT_LISTENING));
  }

  private boolean works() {
    return Conditions.isTrue(pod, "Ready") || Json.text(pod, "status", "phase").equals("Succeeded");
  }

  /// Since when it is wrong: a container's last end is only its last try.
  private Optional<Instant> unready() {
    return Conditions.find(pod, "Ready")
        .or(() -> Conditions.find(pod, "ContainersReady"))
        .filter(c -> c.status().equals(Condition.FALSE))
        .flatMap(PodCauses::since);
  }

  /// Only somebody who knows the nodes can see that a pod names one that there is not.
  static Cause nodeNotFound(JsonNode pod, String component) {
    PodCauses causes = new PodCauses(pod, component);
    String node = causes.place.node();
    return causes.cause(
        Reason.NODE_NOT_FOUND,
        "there is no node " + node + ", which spec.nodeName names",
        Optional.empty());
  }

  private Optional<Cause> condition(String type, String reason, Reason known) {
    return Conditions.find(pod, type)
        .filter(c -> c.status().equals(Condition.FALSE) && c.reason().equals(reason))
        .map(c -> cause(known, c.message(), Optional.empty()).at(since(c)));
  }

  private static Optional<Instant> since(Condition condition) {
    return Optional.of(condition.lastTransitionTime()).filter(time -> !time.equals(Instant.EPOCH));
  }

  private Optional<Cause> diagnosis() {
    return Conditions.find(pod, DIAGNOSIS)
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(this::diagnosed);
  }

  private Cause diagnosed(Condition said) {
    Optional<Ended> ended = ended();
    Cause cause =
        Reason.of(said.reason())
            .map(reason -> cause(reason, said.message(), ended))
            .orElseGet(() -> unknown(said));
    return cause.at(since(said));
  }

  /// A word of a newer agent: its message still says what is wrong.
  private Cause unknown(Condition said) {
    return Cause.of(
        said.reason(),
        place.subject(),
        said.message(),
        Remedy.of("do what the message asks for", place.describe()));
  }

  private Optional<Ended> ended() {
    for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
      Optional<Ended> ended = Ended.of(status);
      if (ended.isPresent()) {
        return ended;
      }
    }
    return Optional.empty();
  }

  private Optional<Cause> evicted() {
    return Json.text(pod, "status", "reason").equals("Evicted")
        ? Optional.of(cause(Reason.EVICTED, Json.text(pod, "status", "message"), Optional.empty()))
        : Optional.empty();
  }

  private Optional<Cause> containers() {
    for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
      Optional<Cause> cause = container(status);
      if (cause.isPresent()) {
        return cause;
      }
    }
    return Optional.empty();
  }

  private Optional<Cause> container(JsonNode status) {
    String waiting = Json.text(status, "state", "waiting", "reason");
    String message = Json.text(status, "state", "waiting", "message");
    if (waiting.equals(Reason.INVALID_IMAGE_NAME.text())) {
      return Optional.of(cause(Reason.INVALID_IMAGE_NAME, message, Optional.empty()));
    }
    if (NO_IMAGE.contains(waiting)) {
      return Optional.of(cause(Reason.IMAGE_PULL_FAILED, message, Optional.empty()));
    }
    if (NO_START.contains(waiting)) {
      return Optional.of(cause(Reason.START_FAILED, message, Optional.empty()));
    }
    return Ended.of(status).filter(ended -> counts(status, ended)).map(this::ended);
  }

  /// An end long ago says nothing of a container that runs well now; an end that was wished says
  /// nothing at all.
  private boolean counts(JsonNode status, Ended ended) {
    boolean wished =
        ended.code() == 0 && !Json.text(pod, "spec", "restartPolicy").matches("|Always");
    return !wished && !status.path("ready").asBoolean(false);
  }

  private Cause ended(Ended ended) {
    Optional<Ended> how = Optional.of(ended);
    if (ended.reason().equals("OOMKilled")) {
      return cause(
          Reason.OUT_OF_MEMORY,
          "the container used more memory than its limit"
              + place.limit("memory").map(limit -> " of " + limit).orElse(""),
          how);
    }
    if (ended.reason().equals("StartError") || ended.reason().equals("ContainerCannotRun")) {
      return cause(Reason.START_FAILED, "the container did not start" + ended.lastLine(), how);
    }
    if (ended.code() == 0) {
      return cause(
          Reason.EXITED_AT_ONCE, "the container ended with code 0" + ended.lastLine(), how);
    }
    return ended
        .signal()
        .map(
            signal ->
                cause(
                    Reason.KILLED_BY_SIGNAL,
                    "the container was killed by " + signal + ended.lastLine(),
                    how))
        .orElseGet(
            () ->
                cause(
                    Reason.EXITED_EARLY,
                    "the container exited with code " + ended.code() + ended.lastLine(),
                    how));
  }

  private Cause cause(Reason reason, String message, Optional<Ended> ended) {
    Cause cause =
        Cause.of(
            reason.text(),
            place.subject(),
            message,
            new PodRemedies(place, message, ended).of(reason));
    return ended.map(cause::after).orElse(cause).at(unready());
  }
}
