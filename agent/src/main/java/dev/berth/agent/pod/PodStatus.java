package dev.berth.agent.pod;

import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.pod.PodSpec.RestartPolicy;
import dev.berth.agent.probe.Outcome;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
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
    return before
        .path("containerStatuses")
        .valueStream()
        .filter(c -> container.equals(Json.text(c, "name")))
        .findFirst()
        .orElseGet(Json::object);
  }

  boolean wasReady(String container, String id) {
    JsonNode status = earlier(container);
    return id.equals(Json.text(status, "containerID")) && status.path("ready").asBoolean(false);
  }

  String imageId(String container) {
    return Json.text(earlier(container), "imageID");
  }

  /// What an agent before this one had counted.
  int restarts(String container) {
    return earlier(container).path("restartCount").asInt(0);
  }

  Optional<ContainerState.Exited> lastExit(String container) {
    JsonNode ended = earlier(container).path("lastState").path("terminated");
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
    boolean alone = before.path("containerStatuses").size() <= 1;
    String prefix = "container " + container + ": ";
    return Conditions.find(holder, DIAGNOSIS)
        .filter(c -> c.status().equals(Condition.FALSE))
        .filter(c -> alone || c.message().startsWith(prefix))
        .map(
            c ->
                new Diagnosis(
                    c.reason(), alone ? c.message() : c.message().substring(prefix.length())));
  }

  static String progress(long done, long total) {
    return total == 0
        ? ""
        : done * 100 / total + "% (" + (done >> 20) + "/" + (total >> 20) + " MB)";
  }

  /// What the last readiness answer said about the endpoint's protocol.
  void protocol(Outcome o) {
    if (o.protocol().isEmpty()) {
      return;
    }
    set(PROTOCOL, o.ok(), o.protocol(), o.message());
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
            .flatMap(t -> t.diagnosis.map(d -> containers.size() > 1 ? d.of(t.name) : d).stream())
            .findFirst();
    Optional<Diagnosis> known =
        Conditions.find(holder, DIAGNOSIS).map(c -> new Diagnosis(c.reason(), c.message()));
    if (found.isEmpty() || known.filter(k -> k.reason().equals(found.get().reason())).isEmpty()) {
      Conditions.remove(holder, DIAGNOSIS);
    }
    found
        .filter(f -> known.filter(f::sameAs).isEmpty())
        .ifPresent(f -> set(DIAGNOSIS, false, f.reason(), f.message()));
  }

  Optional<ObjectNode> update(PodSpec spec, Collection<Tracked> containers, String address) {
    boolean ready =
        containers.stream().allMatch(t -> t.state instanceof ContainerState.Running r && r.ready());
    ContainerState.Running cause = cause(containers);
    String reason =
        ready
            ? ""
            : cause == null || cause.reason().isEmpty() ? "ContainersNotReady" : cause.reason();
    String why = ready || cause == null ? "" : cause.why();
    diagnose(containers);
    set("Initialized", true, "", "");
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
    status.put(
        "qosClass",
        Json.text(before, "qosClass").isEmpty() ? "Burstable" : Json.text(before, "qosClass"));
    status.set("conditions", holder.path("status").path("conditions").deepCopy());
    ArrayNode list = status.putArray("containerStatuses");
    containers.forEach(t -> list.add(container(spec, t)));
    if (status.equals(last)) {
      return Optional.empty();
    }
    last = status;
    return Optional.of(status.deepCopy());
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

  private static String phase(PodSpec spec, Collection<Tracked> containers) {
    boolean over =
        !containers.isEmpty()
            && containers.stream().allMatch(t -> t.state instanceof ContainerState.Exited);
    if (over && (spec.restartPolicy() != RestartPolicy.ALWAYS || spec.deleting())) {
      boolean good =
          containers.stream()
              .allMatch(t -> t.state instanceof ContainerState.Exited e && e.exit().success());
      return good ? "Succeeded" : "Failed";
    }
    boolean begun =
        containers.stream()
            .anyMatch(t -> t.restarts > 0 || t.state instanceof ContainerState.Running);
    return begun || over ? "Running" : "Pending";
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
