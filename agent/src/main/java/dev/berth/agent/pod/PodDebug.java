package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.api.Json;
import dev.berth.api.Times;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A worker's own view of its pod, for somebody who asks why nothing happens. Made on the worker's
/// thread; it holds no environment and no secret.
final class PodDebug {
  private PodDebug() {}

  static ObjectNode of(PodContext pod, int mailbox, int troubles, String lastError) {
    ObjectNode out =
        Json.object()
            .put("state", pod.ending() ? "ending" : "active")
            .put("mailbox", mailbox)
            .put("troubles", troubles)
            .put("lastError", lastError);
    ArrayNode containers = out.putArray("containers");
    pod.containers.values().forEach(t -> container(pod, t, containers.addObject()));
    ObjectNode sandbox = out.putObject("sandbox");
    pod.sandbox.ifPresent(s -> sandbox.put("address", s.address()).put("dir", s.dir().toString()));
    return out;
  }

  private static void container(PodContext pod, Tracked t, ObjectNode out) {
    out.put("name", t.name)
        .put("state", state(t.state))
        .put("attempt", t.restarts)
        .put("cgroup", pod.cgroup(t, t.restarts))
        .put("image", t.imageId)
        .put("since", Times.format(t.since))
        .put("lastOperation", t.operation)
        .put("lastError", t.error);
    if (t.state instanceof ContainerState.Running r) {
      Container c = r.container();
      out.put("id", c.id()).put("pid", c.pid()).put("keeper", c.keeper());
    }
    t.diagnosis.ifPresent(d -> out.put("diagnosis", d.reason().text() + ": " + d.message()));
    ArrayNode probes = out.putArray("probes");
    t.probes.forEach(
        (question, loop) ->
            probes
                .addObject()
                .put("kind", question.name().toLowerCase(java.util.Locale.ROOT))
                .put("last", loop.last().answer())
                .put("verdict", loop.last().verdict()));
  }

  private static String state(ContainerState state) {
    return switch (state) {
      case ContainerState.Waiting w ->
          "waiting until " + Times.format(w.until()) + ": " + w.reason();
      case ContainerState.Pulling p -> "pulling " + p.message();
      case ContainerState.Running r ->
          "running, " + (r.started() ? "started, " : "") + (r.ready() ? "ready" : "not ready");
      case ContainerState.Exited e -> "exited with " + e.exit().code();
    };
  }
}
