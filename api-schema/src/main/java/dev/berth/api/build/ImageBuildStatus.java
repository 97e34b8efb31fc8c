package dev.berth.api.build;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How far a build is. Conditions are read and written through `Conditions` on the whole object.
public record ImageBuildStatus(
    Phase phase,
    Optional<Digest> digest,
    Optional<String> image,
    List<Integer> exposedPorts,
    Optional<Instant> startTime,
    Optional<Instant> completionTime,
    List<Step> steps,
    Optional<Failure> failure) {

  public enum Phase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    public boolean isFinal() {
      return this == SUCCEEDED || this == FAILED;
    }

    static Phase parse(String text) {
      return switch (text) {
        case "Running" -> RUNNING;
        case "Succeeded" -> SUCCEEDED;
        case "Failed" -> FAILED;
        default -> PENDING;
      };
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// One instruction of the script. `reason` says why it was or was not taken from the cache;
  /// `state` is Pending, Running, Done or Failed.
  public record Step(
      int number,
      int total,
      int line,
      String instruction,
      boolean cached,
      String reason,
      Optional<Duration> duration,
      String state) {

    static Step read(JsonNode node) {
      return new Step(
          node.path("number").asInt(0),
          node.path("total").asInt(0),
          node.path("line").asInt(0),
          Json.text(node, "instruction"),
          node.path("cached").asBoolean(false),
          Json.text(node, "reason"),
          Json.optional(node, "duration").flatMap(dev.berth.api.Durations::tryParse),
          Json.text(node, "state"));
    }

    void write(ObjectNode node) {
      node.put("number", number).put("total", total).put("line", line);
      node.put("instruction", instruction).put("cached", cached).put("reason", reason);
      duration.ifPresent(value -> node.put("duration", value.toMillis() + "ms"));
      node.put("state", state);
    }
  }

  /// Why a build failed: the step with its place in the script and the last lines that it wrote.
  ///
  /// @param script its name, as in the spec
  /// @param column where in the line the script is wrong; 0 where the line was understood
  public record Failure(
      int step,
      String script,
      int line,
      int column,
      String instruction,
      OptionalInt exitCode,
      String message,
      List<String> lastOutput) {
    public Failure {
      lastOutput = List.copyOf(lastOutput);
    }

    /// Of a line that was understood.
    public Failure(
        int step,
        int line,
        String instruction,
        OptionalInt exitCode,
        String message,
        List<String> lastOutput) {
      this(step, "", line, 0, instruction, exitCode, message, lastOutput);
    }

    static Failure read(JsonNode node) {
      return new Failure(
          node.path("step").asInt(0),
          Json.text(node, "script"),
          node.path("line").asInt(0),
          node.path("column").asInt(0),
          Json.text(node, "instruction"),
          node.path("exitCode").asIntOpt(),
          Json.text(node, "message"),
          texts(node.path("lastOutput")));
    }

    void write(ObjectNode node) {
      node.put("step", step);
      if (!script.isEmpty()) {
        node.put("script", script);
      }
      node.put("line", line);
      if (column > 0) {
        node.put("column", column);
      }
      node.put("instruction", instruction);
      exitCode.ifPresent(code -> node.put("exitCode", code));
      node.put("message", message);
      ArrayNode output = node.putArray("lastOutput");
      lastOutput.forEach(output::add);
    }
  }

  public static final ImageBuildStatus NONE =
      new ImageBuildStatus(
          Phase.PENDING,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());

  public ImageBuildStatus {
    exposedPorts = List.copyOf(exposedPorts);
    steps = List.copyOf(steps);
  }

  public static ImageBuildStatus read(JsonNode status) {
    List<Integer> ports = new ArrayList<>();
    status.path("exposedPorts").forEach(port -> ports.add(port.asInt(0)));
    List<Step> steps = new ArrayList<>();
    status.path("steps").forEach(step -> steps.add(Step.read(step)));
    return new ImageBuildStatus(
        Phase.parse(Json.text(status, "phase")),
        Json.optional(status, "digest").map(Digest::parse),
        Json.optional(status, "image"),
        ports,
        Times.at(status, "startTime"),
        Times.at(status, "completionTime"),
        steps,
        Optional.of(status.path("failure")).filter(JsonNode::isObject).map(Failure::read));
  }

  /// As it is patched into `status`; conditions are not part of it.
  public ObjectNode toTree() {
    ObjectNode status = Json.object();
    status.put("phase", phase.toString());
    digest.ifPresent(value -> status.put("digest", value.toString()));
    image.ifPresent(value -> status.put("image", value));
    ArrayNode ports = status.putArray("exposedPorts");
    exposedPorts.forEach(ports::add);
    startTime.ifPresent(time -> status.put("startTime", Times.format(time)));
    completionTime.ifPresent(time -> status.put("completionTime", Times.format(time)));
    ArrayNode stepNodes = status.putArray("steps");
    steps.forEach(step -> step.write(stepNodes.addObject()));
    failure.ifPresent(value -> value.write(status.putObject("failure")));
    return status;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(node -> texts.add(node.asString("")));
    return texts;
  }
}
