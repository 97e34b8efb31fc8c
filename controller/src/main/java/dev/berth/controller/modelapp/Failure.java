package dev.berth.controller.modelapp;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Why a pod does not do its work, in the words of its user, with the fix.
record Failure(
    String component,
    String pod,
    String reason,
    OptionalInt exitCode,
    Optional<Instant> time,
    String message,
    String hint,
    List<String> logTail) {
  private static final Set<String> NO_IMAGE =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName");
  private static final Set<String> NO_START =
      Set.of("CreateContainerError", "RunContainerError", "StartError");
  private static final int LOG_LINES = 10;

  /// Empty while nothing speaks against the pod: it may just be starting.
  static Optional<Failure> of(String component, ObjectNode pod) {
    return unschedulable(component, pod)
        .or(() -> container(component, pod))
        .or(() -> nodeLost(component, pod))
        .or(() -> condition(component, pod, "berth.dev/EndpointProtocol", "ProtocolMismatch"))
        .or(() -> condition(component, pod, "Ready", "PortNotListening"))
        .or(() -> condition(component, pod, "ContainersReady", "PortNotListening"));
  }

  private static Optional<Failure> unschedulable(String component, ObjectNode pod) {
    return Conditions.find(pod, "PodScheduled")
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(
            c ->
                plain(
                    component,
                    pod,
                    "Unschedulable",
                    c.message(),
                    c.message().startsWith("0/0")
                        ? c.message()
                        : "ask for less with spec."
                            + component
                            + ".resources.requests, or add a node"));
  }

  private static Optional<Failure> nodeLost(String component, ObjectNode pod) {
    String node = Json.text(pod, "spec", "nodeName");
    return Conditions.find(pod, "Ready")
        .filter(c -> c.status().equals(Condition.FALSE) && c.reason().equals("NodeLost"))
        .map(
            c ->
                plain(
                    component,
                    pod,
                    "NodeLost",
                    c.message(),
                    "check that the agent of node " + node + " runs"));
  }

  /// The agent says what it saw in the condition's own words.
  private static Optional<Failure> condition(
      String component, ObjectNode pod, String type, String reason) {
    return Conditions.find(pod, type)
        .filter(c -> c.status().equals(Condition.FALSE) && c.reason().equals(reason))
        .map(c -> plain(component, pod, reason, c.message(), c.message()));
  }

  private static Failure plain(
      String component, ObjectNode pod, String reason, String message, String hint) {
    return new Failure(
        component,
        Json.name(pod),
        reason,
        OptionalInt.empty(),
        Optional.empty(),
        message,
        hint,
        List.of());
  }

  private static Optional<Failure> container(String component, ObjectNode pod) {
    for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
      Optional<Failure> failure = container(component, pod, status);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private static Optional<Failure> container(String component, ObjectNode pod, JsonNode status) {
    String waiting = Json.text(status, "state", "waiting", "reason");
    String message = Json.text(status, "state", "waiting", "message");
    if (NO_IMAGE.contains(waiting)) {
      return Optional.of(
          plain(
              component,
              pod,
              "ImagePullFailed",
              message,
              "check the name of the image in spec."
                  + component
                  + ".image and that its registry is reachable"));
    }
    if (NO_START.contains(waiting)) {
      return Optional.of(
          plain(component, pod, "StartFailed", message, startHint(component, message)));
    }
    JsonNode ended = Json.at(status, "state", "terminated");
    JsonNode last = ended.isObject() ? ended : Json.at(status, "lastState", "terminated");
    boolean notRunning = ended.isObject() || waiting.equals("CrashLoopBackOff");
    boolean unready = !status.path("ready").asBoolean(false);
    return last.isObject() && (notRunning || unready)
        ? Optional.of(exited(component, pod, last))
        : Optional.empty();
  }

  private static String startHint(String component, String message) {
    return message.contains("ENOENT") || message.contains("not found")
        ? "the command is not in the image: check spec." + component + ".command"
        : "see the message; the container never ran";
  }

  private static Failure exited(String component, ObjectNode pod, JsonNode ended) {
    int code = ended.path("exitCode").asInt(0);
    boolean memory = Json.text(ended, "reason").equals("OOMKilled");
    List<String> tail = tail(Json.text(ended, "message"));
    String reason = memory ? "OutOfMemory" : "ExitedEarly";
    String message =
        memory
            ? "the container used more memory than its limit"
            : "the container exited with code " + code;
    return new Failure(
        component,
        Json.name(pod),
        reason,
        OptionalInt.of(code),
        Times.at(ended, "finishedAt"),
        message + lastLine(tail),
        memory ? memoryHint(component) : exitHint(component, code, tail),
        tail);
  }

  private static String memoryHint(String component) {
    return "raise spec." + component + ".resources.limits.memory";
  }

  private static List<String> tail(String log) {
    List<String> lines = Arrays.stream(log.split("\n")).filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
  }

  private static String lastLine(List<String> tail) {
    return tail.isEmpty() ? "" : ": " + tail.getLast().strip();
  }

  private static String exitHint(String component, int code, List<String> tail) {
    for (String line : tail) {
      if (line.contains("ModuleNotFoundError: No module named")) {
        return "install the Python module "
            + line.substring(line.indexOf("named") + 6)
            + " in the image";
      }
      if (line.contains("Address already in use")) {
        return "two processes of the container want one port: let only one of them listen";
      }
    }
    return switch (code) {
      case 0 ->
          "a server must keep running in the foreground: check spec." + component + ".command";
      case 126 -> "the command is not executable: check its mode and its interpreter in the image";
      case 127 -> "the command was not found in the image: check spec." + component + ".command";
      case 137 -> "the container was killed: if that was for its memory, " + memoryHint(component);
      case 139 -> "the program crashed (segmentation fault): run it by hand in the image";
      default -> "the last lines of its log say why";
    };
  }

  Finding finding() {
    String fix = hint.equals(message) ? "" : "; " + hint;
    return Finding.no(reason, "pod " + pod + ": " + message + fix);
  }

  ObjectNode toTree() {
    ObjectNode tree =
        Json.object().put("component", component).put("pod", pod).put("reason", reason);
    exitCode.ifPresent(code -> tree.put("exitCode", code));
    time.ifPresent(t -> tree.put("time", Times.format(t)));
    tree.put("message", message).put("hint", hint);
    logTail.forEach(tree.putArray("logTail")::add);
    return tree;
  }
}
