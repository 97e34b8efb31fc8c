package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.api.why.BuildCauses;
import dev.berth.api.why.Cause;
import dev.berth.api.why.PodCauses;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// The cause of one component's trouble, as the status tells it. What the words and the fix are is
/// decided in `api.why`, for everybody.
///
/// @param pod empty where a build failed
record Failure(String component, String pod, Cause cause) {

  /// Empty while nothing speaks against the pod: it may just be starting.
  static Optional<Failure> of(String component, ObjectNode pod) {
    return PodCauses.of(pod, component).map(cause -> new Failure(component, Json.name(pod), cause));
  }

  static Optional<Failure> ofBuild(String component, Image image) {
    return image instanceof Image.Missing missing
        ? missing
            .build()
            .flatMap(BuildCauses::of)
            .or(() -> ofPorts(component, missing))
            .map(cause -> new Failure(component, "", cause))
        : Optional.empty();
  }

  /// The build is well; what is missing is a choice.
  private static Optional<Cause> ofPorts(String component, Image.Missing image) {
    return Image.portsToChooseFrom(component, image)
        .map(
            fix ->
                new Cause(
                    image.finding().reason(),
                    component,
                    image.finding().message(),
                    fix,
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()));
  }

  Finding finding() {
    return Finding.no(cause.reason(), cause.subject() + ": " + cause.message() + fix());
  }

  private String fix() {
    return cause.fix().isEmpty() ? "" : "; " + cause.fix();
  }

  ObjectNode toTree() {
    ObjectNode tree = Json.object().put("component", component);
    if (!pod.isEmpty()) {
      tree.put("pod", pod);
    }
    tree.put("reason", cause.reason());
    cause.exitCode().ifPresent(code -> tree.put("exitCode", code));
    cause.signal().ifPresent(signal -> tree.put("signal", signal));
    cause.since().ifPresent(time -> tree.put("time", Times.format(time)));
    tree.put("message", cause.message()).put("hint", cause.fix());
    cause.logTail().forEach(tree.putArray("logTail")::add);
    return tree;
  }
}
