package dev.berth.agent.pod;

import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.pod.PodSpec.RestartPolicy;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.agent.probe.Outcome;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import dev.berth.api.Times;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds the pod's status, and tells whether it differs from the last one. Conditions keep the
/// time of their transition.
final class PodStatus {
  private static final String PROTOCOL = "berth.dev/EndpointProtocol";
  private static final String DIAGNOSIS = "berth.dev/Diagnosis";
  private final String hostAddress;
  private final Clock clock;
  private final JsonNode before;
  private final ObjectNode holder = Json.object();
  private final String startTime;
  private ObjectNode last = Json.object();

  PodStatus(ObjectNode pod, String hostAddress, Clock clock) {
    this.hostAddress = hostAddress;
    this.clock = clock;
    this.before = pod.path("status");
    holder
        .putObject("status")
        .set(
            "conditions",
            before.path("conditions").isArray()
                ? before.path("conditions").deepCopy()
                : Json.array());
    String started = Json.text(before, "startTime");
    this.startTime = started.isEmpty() ? Times.format(clock.instant()) : started;
  }

  private JsonNode earlier(String container) {
    return Stream.of("containerStatuses", "initContainerStatuses")
        .flatMap(list -> before.path(list).valueStream())
        .filter(c -> container.equals(Json.text(c, "name")))
        .findFirst()
        .orElseGet(Json::object);
  }

  /// No main container waits for an init container any more.
  boolean wasInitialized() {
    return Conditions.find(holder, "Initialized")
        .filter(c -> c.status().equals(Condition.TRUE))
        .isPresent();
  }

  boolean wasReady(String container, String id) {
    JsonNode status = earlier(container);
    return id.equals(Json.text(status, "containerID")) && status.path("ready").asBoolean(false);
  }

  /// False also for one of which nobody has heard yet.
  boolean wasStarted(String container, String id) {
    JsonNode status = earlier(container);
    return id.equals(Json.text(status, "containerID")) && status.path("started").asBoolean(false);
  }

  String imageId(String container) {
    return Json.text(earlier(container), "imageID");
  }

  /// What an agent before this one had counted.
  int restarts(String container) {
    return earlier(container).path("restartCount").asInt(0);
  }

  Optional<ContainerState.Exited> lastExit(String container) {
    return terminated(earlier(container).path("lastState").path("terminated"));
  }

  /// How it ended for good, when an agent before this one has said so.
  Optional<ContainerState.Exited> ended(String container) {
    return terminated(earlier(container).path("state").path("terminated"));
  }

  private static Optional<ContainerState.Exited> terminated(JsonNode ended) {
    return Times.at(ended, "finishedAt")
        .map(
            at ->
                new ContainerState.Exited(
                    new ExitStatus(
                        ended.path("exitCode").asInt(0),
                        ended.path("signal").asInt(0),
                        at,
                        Json.text(ended, "reason").equals("OOMKilled")),
                    Json.text(ended, "containerID"),
                    Times.at(ended, "startedAt").orElse(at),
                    Json.text(ended, "reason"),
                    Json.text(ended, "message")));
  }

  /// What an agent before this one had found out about a container that was not well.
  Optional<Diagnosis> diagnosis(String container) {
    boolean alone =
        before.path("containerStatuses").size() + before.path("initContainerStatuses").size() <= 1;
    String prefix = "container " + container + ": ";
    return Conditions.find(holder, DIAGNOSIS)
        .filter(c -> c.status().equals(Condition.FALSE))
        .filter(c -> alone || c.message().startsWith(prefix))
        .flatMap(
            c -> known(c.reason(), alone ? c.message() : c.message().substring(prefix.length())));
  }

  /// Empty for a word that another version wrote.
  private static Optional<Diagnosis> known(String reason, String message) {
    return Reason.of(reason).map(r -> new Diagnosis(r, message));
  }

  static String progress(long done, long total) {
    return total == 0
        ? ""
        : done * 100 / total + "% (" + (done >> 20) + "/" + (total >> 20) + " MB)";
  }

  /// What the last readiness answer said about the endpoint's protocol.
  void protocol(Outcome o) {
    if (!o.protocol().isEmpty()) {
      set(PROTOCOL, o.ok(), o.protocol(), o.message());
    } else if (o.reason().equals(Optional.of(Reason.PROTOCOL_MISMATCH))) {
      set(PROTOCOL, false, Reason.PROTOCOL_MISMATCH.text(), o.message());
    }
  }

  /// Somebody else has judged the pod, as the controller does when it thinks this node lost: what
  /// is known here goes out again.
  void compare(ObjectNode pod) {
    Optional<Condition> ours = ready(Json.object().set("status", last));
    if (ours.isPresent() && !ours.equals(ready(pod))) {
      last = Json.object();
    }
  }

  private static Optional<Condition> ready(JsonNode pod) {
    return Conditions.find(pod, "Ready")
        .map(c -> new Condition(c.type(), c.status(), c.reason(), "", Instant.EPOCH, 0));
  }

  private void set(String type, boolean holds, String reason, String message) {
    Conditions.set(
        holder,
        new Condition(
            type, holds ? Condition.TRUE : Condition.FALSE, reason, message, clock.instant(), 0));
  }

  /// The time of the transition is that of the reason, and a message that differs by counters alone
  /// stays as it was.
  private void diagnose(Collection<Tracked> containers) {
    Optional<Diagnosis> found =
        containers.stream()
            .flatMap(t -> t.told().map(d -> containers.size() > 1 ? d.of(t.name) : d).stream())
            .findFirst();
    Optional<Diagnosis> known =
        Conditions.find(holder, DIAGNOSIS).flatMap(c -> known(c.reason(), c.message()));
    if (found.isEmpty() || known.filter(k -> k.reason() == found.get().reason()).isEmpty()) {
      Conditions.remove(holder, DIAGNOSIS);
    }
    found
        .filter(f -> known.filter(f::sameAs).isEmpty())
        .ifPresent(f -> set(DIAGNOSIS, false, f.reason().text(), f.message()));
  }

  /// When the pod began on this node.
  Instant started() {
    return Instant.parse(startTime);
  }

  Optional<ObjectNode> update(PodSpec spec, Collection<Tracked> containers, String address) {
    return update(spec, containers, Optional.empty(), address);
  }

  Optional<ObjectNode> update(
      PodSpec spec, Collection<Tracked> containers, Optional<PodFailure> failure, String address) {
    boolean ready =
        containers.stream()
            .filter(t -> t.role != Role.INIT)
            .allMatch(t -> t.state instanceof ContainerState.Running r && r.ready());
    ContainerState.Running cause = cause(containers);
    String reason =
        ready
            ? ""
            : cause == null || cause.reason().isEmpty() ? "ContainersNotReady" : cause.reason();
    String why = ready || cause == null ? "" : cause.why();
    diagnose(containers);
    List<String> incomplete = Turns.incomplete(containers);
    set(
        "Initialized",
        incomplete.isEmpty(),
        incomplete.isEmpty() ? "" : "ContainersNotInitialized",
        incomplete.isEmpty()
            ? ""
            : "containers with incomplete status: [" + String.join(" ", incomplete) + "]");
    set("ContainersReady", ready, reason, why);
    set("Ready", ready, reason, why);
    ObjectNode status =
        Json.object()
            .put("phase", phase(spec, containers))
            .put("startTime", startTime)
            .put("hostIP", hostAddress);
    status.putArray("hostIPs").addObject().put("ip", hostAddress);
    if (!address.isEmpty()) {
      status.put("podIP", address);
      status.putArray("podIPs").addObject().put("ip", address);
    }
    failure
        .filter(_ -> Turns.isStill(containers))
        .ifPresent(
            f ->
                status
                    .put("phase", "Failed")
                    .put("reason", f.reason())
                    .put("message", f.message()));
    status.put(
        "qosClass",
        Json.text(before, "qosClass").isEmpty() ? "Burstable" : Json.text(before, "qosClass"));
    status.set("conditions", holder.path("status").path("conditions").deepCopy());
    if (spec.hasInit()) {
      list(status.putArray("initContainerStatuses"), spec, containers, t -> t.role != Role.MAIN);
    }
    list(status.putArray("containerStatuses"), spec, containers, t -> t.role == Role.MAIN);
    if (status.equals(last)) {
      return Optional.empty();
    }
    last = status;
    return Optional.of(status.deepCopy());
  }

  private static void list(
      ArrayNode list, PodSpec spec, Collection<Tracked> containers, Predicate<Tracked> which) {
    containers.stream().filter(which).forEach(t -> list.add(container(spec, t)));
  }

  /// The first container that can say why it is not ready.
  private static ContainerState.@Nullable Running cause(Collection<Tracked> containers) {
    for (Tracked t : containers) {
      if (t.state instanceof ContainerState.Running r && !r.ready() && !r.why().isEmpty()) {
        return r;
      }
    }
    return null;
  }

  private static String phase(PodSpec spec, Collection<Tracked> all) {
    if (Turns.hasFailed(all) && Turns.over(all)) {
      return "Failed";
    }
    List<Tracked> containers = all.stream().filter(t -> t.role == Role.MAIN).toList();
    boolean over = !containers.isEmpty() && Turns.over(all);
    if (over && (spec.restartPolicy() != RestartPolicy.ALWAYS || spec.deleting())) {
      boolean good =
          containers.stream()
              .allMatch(t -> t.state instanceof ContainerState.Exited e && e.exit().success());
      return good ? "Succeeded" : "Failed";
    }
    boolean begun =
        containers.stream()
            .anyMatch(
                t ->
                    t.restarts > 0
                        || t.state instanceof ContainerState.Running
                        || t.state instanceof ContainerState.Exited);
    return begun ? "Running" : "Pending";
  }

  private static ObjectNode container(PodSpec spec, Tracked t) {
    String image =
        spec.containers().stream()
            .filter(c -> c.name().equals(t.name))
            .map(PodSpec.ContainerWish::image)
            .findFirst()
            .orElse("");
    ObjectNode out =
        Json.object()
            .put("name", t.name)
            .put("image", image)
            .put("imageID", t.imageId)
            .put("restartCount", t.restarts);
    ObjectNode state = Json.object();
    boolean ready = false;
    boolean started = false;
    switch (t.state) {
      case ContainerState.Waiting w -> state.set("waiting", waiting(w.reason(), w.message()));
      case ContainerState.Pulling p ->
          state.set(
              "waiting",
              waiting(p.message().isEmpty() ? "ContainerCreating" : "Pulling", p.message()));
      case ContainerState.Running r -> {
        state.putObject("running").put("startedAt", Times.format(r.container().startedAt()));
        out.put("containerID", "berth://" + r.container().id());
        ready = r.ready();
        started = r.started();
      }
      case ContainerState.Exited e -> {
        ready = t.role == Role.INIT && e.exit().success();
        state.set("terminated", terminated(e));
        out.put("containerID", e.containerId());
      }
    }
    out.set("state", state);
    ObjectNode lastState = out.putObject("lastState");
    t.last.ifPresent(e -> lastState.set("terminated", terminated(e)));
    return out.put("ready", ready).put("started", started);
  }

  private static ObjectNode waiting(String reason, String message) {
    ObjectNode w = Json.object().put("reason", reason);
    return message.isEmpty() ? w : w.put("message", message);
  }

  private static ObjectNode terminated(ContainerState.Exited e) {
    ObjectNode t = Json.object().put("exitCode", e.exit().code()).put("reason", e.reason());
    if (e.exit().signal() > 0) {
      t.put("signal", e.exit().signal());
    }
    if (!e.message().isEmpty()) {
      t.put("message", e.message());
    }
    Instant end = e.exit().at();
    return t.put("startedAt", Times.format(e.startedAt()))
        .put("finishedAt", Times.format(end))
        .put("containerID", e.containerId());
  }
}
