package dev.berth.api.why;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Why an ImageBuild does not give an image.
public final class BuildCauses {
  private static final Pattern HEADING = Pattern.compile("\\[\\d+/\\d+\\] ");

  private BuildCauses() {}

  public static Optional<Cause> of(JsonNode imageBuild) {
    return switch (Json.text(imageBuild, "status", "phase")) {
      case "Succeeded", "Running" -> Optional.empty();
      case "Failed" -> Optional.of(failed(imageBuild));
      default -> waiting(imageBuild);
    };
  }

  /// What it is busy with.
  static Optional<String> doing(JsonNode build) {
    for (JsonNode step : Json.at(build, "status", "steps")) {
      if (Json.text(step, "state").equals("Running")) {
        return Optional.of(
            "step "
                + Json.text(step, "number")
                + " of "
                + Json.text(step, "total")
                + ": "
                + Json.text(step, "instruction"));
      }
    }
    return Optional.of("waits for a node to build on")
        .filter(_ -> !Json.text(build, "status", "phase").equals("Succeeded"));
  }

  private static Optional<Cause> waiting(JsonNode build) {
    return Conditions.find(build, "Ready")
        .filter(c -> c.status().equals(Condition.FALSE) && c.reason().equals(Reason.NO_NODE.text()))
        .map(
            c ->
                Cause.of(
                        c.reason(),
                        subject(build),
                        c.message(),
                        Remedy.of(
                            "start an agent: sudo berth up, or berth agent", "berth get nodes"))
                    .at(Optional.of(c.lastTransitionTime()).filter(t -> !t.equals(Instant.EPOCH))));
  }

  private static String subject(JsonNode build) {
    return "imagebuild " + Json.name(build);
  }

  private static Cause failed(JsonNode build) {
    JsonNode failure = Json.at(build, "status", "failure");
    OptionalInt code =
        failure.path("exitCode").isNumber()
            ? OptionalInt.of(failure.path("exitCode").asInt(0))
            : OptionalInt.empty();
    List<String> output =
        StreamSupport.stream(failure.path("lastOutput").spliterator(), false)
            .map(line -> line.asString(""))
            .toList();
    Remedy remedy = BuildRemedies.of(build);
    return new Cause(
        Reason.BUILD_FAILED.text(),
        subject(build),
        message(build, failure),
        remedy.fix(),
        remedy.command(),
        code,
        Optional.empty(),
        Times.at(build, "status", "completionTime"),
        ofStep(output));
  }

  /// What the failing step itself wrote: a build's log has a line `[3/7] RUN ...` before each step,
  /// and one about its cache.
  private static List<String> ofStep(List<String> output) {
    int from = 0;
    for (int i = 0; i < output.size(); i++) {
      if (HEADING.matcher(output.get(i)).lookingAt()) {
        from = i + 1;
      }
    }
    List<String> own = output.subList(from, output.size());
    boolean cache = from > 0 && !own.isEmpty() && own.getFirst().matches("(not )?cached: .*");
    return cache ? own.subList(1, own.size()) : own;
  }

  /// `Dockerfile:7: RUN pip install x: exited with code 1`, as far as the parts are known.
  private static String message(JsonNode build, JsonNode failure) {
    String said = Json.text(failure, "message");
    String place = BuildRemedies.place(build);
    String what = said.isEmpty() ? "the build failed" : said;
    String instruction = Json.text(failure, "instruction");
    boolean placed = what.startsWith(BuildRemedies.script(build) + ":");
    return placed
        ? what
        : (place.isEmpty() ? "" : place + ": ")
            + (instruction.isEmpty() ? "" : instruction.lines().findFirst().orElse("") + ": ")
            + what;
  }
}
