package dev.berth.dashboard;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// Objects as a controller and an agent leave them.
public final class Things {
  public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant BEFORE = Instant.parse("2026-11-23T11:55:00Z");

  private Things() {}

  public static ObjectNode named(String kind, String namespace, String name) {
    ObjectNode object = Json.object().put("kind", kind);
    ObjectNode meta = Json.meta(object).put("name", name);
    if (!namespace.isEmpty()) {
      meta.put("namespace", namespace);
    }
    meta.put("uid", kind + "-" + namespace + "-" + name)
        .put("generation", 1)
        .put("creationTimestamp", "2026-11-23T10:00:00Z");
    return object;
  }

  public static ObjectNode condition(
      ObjectNode object, String type, boolean holds, String reason, String message) {
    Conditions.set(
        object,
        new Condition(type, holds ? Condition.TRUE : Condition.FALSE, reason, message, BEFORE, 1));
    return object;
  }

  /// With model, endpoint and app, all of them ready.
  public static ObjectNode app(String namespace, String name) {
    ObjectNode app = named("ModelApp", namespace, name);
    ObjectNode spec = app.putObject("spec");
    spec.putObject("model").put("image", "registry.local/" + name + "-model:1.4");
    spec.putObject("app").put("image", "registry.local/" + name + "-app:2");
    ObjectNode status = app.putObject("status").put("observedGeneration", 1);
    status.put("url", "http://" + name + ".localhost:8080");
    status
        .putObject("endpoint")
        .put("url", "http://" + name + "-model")
        .put("protocol", "open-inference");
    status
        .putArray("revisions")
        .addObject()
        .put("name", "r3")
        .put("image", "registry.local/" + name + "-model@sha256:" + "a".repeat(64))
        .put("ready", 1)
        .put("desired", 1)
        .put("weight", 100);
    status.putObject("app").put("ready", 1).put("desired", 1);
    for (String type : new String[] {"ModelReady", "EndpointReady", "AppReady"}) {
      condition(app, type, true, "Ready", "");
    }
    condition(app, "Progressing", false, "Complete", "what is asked for runs");
    return condition(app, "Ready", true, "Ready", "a model replica and the app are ready");
  }

  /// With a model that does not start, and an app that waits for it.
  public static ObjectNode failingApp(String namespace, String name) {
    ObjectNode app = app(namespace, name);
    condition(app, "ModelReady", false, "PortNotListening", "nothing listens on 8080");
    condition(app, "EndpointReady", false, "NoReadyReplica", "no model replica is ready");
    return condition(app, "Ready", false, "PortNotListening", "nothing listens on 8080");
  }

  public static ObjectNode pod(String namespace, String name) {
    ObjectNode pod = named("Pod", namespace, name);
    ObjectNode spec = pod.putObject("spec").put("nodeName", "n1");
    ObjectNode container =
        spec.putArray("containers").addObject().put("name", "main").put("image", "busybox");
    ObjectNode requests = container.putObject("resources").putObject("requests");
    requests.put("cpu", "250m").put("memory", "128Mi");
    ObjectNode status = pod.putObject("status").put("phase", "Running").put("podIP", "10.244.0.7");
    ObjectNode running =
        status.putArray("containerStatuses").addObject().put("name", "main").put("ready", true);
    running.put("restartCount", 0).put("image", "busybox").putObject("state").putObject("running");
    return condition(pod, "Ready", true, "", "");
  }

  /// One that crashes and is started again and again.
  public static ObjectNode crashing(String namespace, String name) {
    ObjectNode pod = pod(namespace, name);
    ObjectNode container = (ObjectNode) Json.at(pod, "status", "containerStatuses").path(0);
    container.put("ready", false).put("restartCount", 4);
    container
        .putObject("state")
        .putObject("waiting")
        .put("reason", "CrashLoopBackOff")
        .put("message", "restarted 4 times");
    container
        .putObject("lastState")
        .putObject("terminated")
        .put("exitCode", 1)
        .put("reason", "Error")
        .put("message", "ImportError: no module named iris");
    return condition(pod, "Ready", false, "ContainersNotReady", "");
  }

  public static ObjectNode ofApp(ObjectNode pod, String app, String component) {
    return labelled(labelled(pod, "berth.dev/modelapp", app), "berth.dev/component", component);
  }

  public static ObjectNode labelled(ObjectNode object, String name, String value) {
    Json.ensure(object, "metadata", "labels").put(name, value);
    return object;
  }

  /// As a ReplicaSet of that Deployment made it.
  public static ObjectNode ofDeployment(ObjectNode pod, String deployment) {
    labelled(pod, "pod-template-hash", "7f9c");
    Json.meta(pod)
        .putArray("ownerReferences")
        .addObject()
        .put("kind", "ReplicaSet")
        .put("name", deployment + "-7f9c")
        .put("controller", true);
    return pod;
  }

  public static ObjectNode node(String name) {
    ObjectNode node = named("Node", "", name);
    ObjectNode status = node.putObject("status");
    status.putObject("capacity").put("cpu", "4").put("memory", "8Gi").put("pods", "110");
    status.putObject("allocatable").put("cpu", "3800m").put("memory", "7Gi").put("pods", "110");
    status
        .putObject("nodeInfo")
        .put("kubeletVersion", "v1.36.0-berth0.1.0")
        .put("osImage", "Debian 12")
        .put("kernelVersion", "6.1.0")
        .put("architecture", "amd64");
    status.putArray("addresses").addObject().put("type", "InternalIP").put("address", "10.0.0.1");
    return condition(node, "Ready", true, "AgentReady", "");
  }

  public static ObjectNode build(String namespace, String name, String phase) {
    ObjectNode build = named("ImageBuild", namespace, name);
    build
        .putObject("spec")
        .put("repository", namespace + "/iris-model")
        .put("containerScript", "Dockerfile")
        .put("nodeName", "n1");
    ObjectNode status = build.putObject("status").put("phase", phase);
    status.put("startTime", "2026-11-23T11:00:00Z");
    ObjectNode step = status.putArray("steps").addObject();
    step.put("number", 2)
        .put("total", 5)
        .put("line", 3)
        .put("instruction", "RUN pip install numpy");
    step.put("cached", false)
        .put("reason", "")
        .put("state", phase.equals("Succeeded") ? "Done" : phase);
    if (phase.equals("Failed")) {
      ObjectNode failure = status.putObject("failure");
      failure.put("step", 2).put("line", 3).put("exitCode", 1).put("script", "Dockerfile");
      failure.put("instruction", "RUN pip install numpy").put("message", "exit code 1");
      failure.putArray("lastOutput").add("no matching distribution");
    }
    return build;
  }

  public static ObjectNode repository(String namespace, String name, boolean ready) {
    ObjectNode repository = named("GitRepository", namespace, name);
    repository.putObject("spec").put("url", "https://git.example.com/team/apps.git");
    ObjectNode status = repository.putObject("status");
    status.put("appliedRevision", "main@sha1:3f2a91c0aabbccddeeff00112233445566778899");
    status.putObject("summary").put("total", 25).put("healthy", ready ? 25 : 24);
    condition(repository, "Synced", true, "Synced", "");
    condition(repository, "Healthy", ready, ready ? "Healthy" : "Degraded", "");
    return condition(
        repository,
        "Ready",
        ready,
        ready ? "Ready" : "Degraded",
        ready ? "" : "Deployment web: 1/3 ready");
  }

  public static ObjectNode event(String namespace, String name, String type, String at) {
    ObjectNode event = named("Event", namespace, name);
    event
        .put("type", type)
        .put("reason", "BackOff")
        .put("message", "restarting it")
        .put("count", 3);
    event.put("lastTimestamp", at).putObject("source").put("component", "agent");
    event
        .putObject("involvedObject")
        .put("kind", "Pod")
        .put("namespace", namespace)
        .put("name", "web-0");
    return event;
  }
}
