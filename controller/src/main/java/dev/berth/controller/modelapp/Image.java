package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Reason;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.modelapp.Source;
import dev.berth.api.modelapp.Workload;
import dev.berth.api.why.BuildCauses;
import dev.berth.controller.reconcile.Owners;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Which image a component runs: named in the spec, or made by a build that has succeeded. Until
/// then, why there is none.
sealed interface Image {
  int DEFAULT_PORT = 8080;

  /// There is an image.
  ///
  /// @param port what the container listens on
  /// @param build the build that made it, when one did
  record Ready(String reference, int port, Optional<ObjectNode> build) implements Image {}

  /// There is none yet.
  ///
  /// @param context whether the user must send the context first
  record Missing(Finding finding, boolean context, Optional<ObjectNode> build) implements Image {}

  static Image of(Observed observed, String component, Workload workload) {
    return switch (workload.source()) {
      case Source.Image(String reference) ->
          new Ready(reference, workload.port().orElse(DEFAULT_PORT), Optional.empty());
      case Source.Build build -> built(observed, component, workload, build);
    };
  }

  private static Image built(
      Observed observed, String component, Workload workload, Source.Build wanted) {
    Optional<String> digest = Json.annotation(observed.tree(), Labels.CONTEXT_DIGEST + component);
    if (digest.isEmpty()) {
      String message =
          "spec."
              + component
              + ".build needs its context, which only the CLI sends: run berth apply -f on the"
              + " manifest";
      return new Missing(Finding.no("ContextMissing", message), true, Optional.empty());
    }
    return observed.builds().stream()
        .filter(build -> makes(build, component, digest.get(), wanted))
        .max(Comparator.comparing(build -> Json.text(build, "metadata", "creationTimestamp")))
        .map(build -> of(component, workload, build))
        .orElseGet(
            () ->
                new Missing(
                    Finding.no(
                        "BuildMissing",
                        "there is no ImageBuild of "
                            + component
                            + " for context "
                            + digest.get()
                            + ": run berth apply -f on the manifest"),
                    false,
                    Optional.empty()));
  }

  private static boolean makes(
      ObjectNode tree, String component, String digest, Source.Build wanted) {
    boolean ours = Json.labels(tree).getOrDefault(Labels.COMPONENT, "").equals(component);
    if (!ours || !Json.text(tree, "spec", "contextDigest").equals(digest)) {
      return false;
    }
    ImageBuild build = ImageBuild.read(tree);
    return build.spec().containerScript().equals(wanted.containerScript())
        && build.spec().target().equals(wanted.target())
        && build.spec().args().equals(wanted.args());
  }

  private static Image of(String component, Workload workload, ObjectNode tree) {
    ImageBuild build = ImageBuild.read(tree);
    ImageBuildStatus status = build.status();
    Optional<ObjectNode> found = Optional.of(tree);
    if (status.phase() == ImageBuildStatus.Phase.SUCCEEDED && status.digest().isPresent()) {
      String reference = build.spec().repository() + "@" + status.digest().get();
      return port(workload, status)
          .<Image>map(port -> new Ready(reference, port, found))
          .orElseGet(() -> new Missing(ambiguous(component, status.exposedPorts()), false, found));
    }
    return new Missing(unfinished(component, tree, build), false, found);
  }

  private static Optional<Integer> port(Workload workload, ImageBuildStatus status) {
    OptionalInt given = workload.port();
    if (given.isPresent()) {
      return Optional.of(given.getAsInt());
    }
    List<Integer> exposed = status.exposedPorts();
    return switch (exposed.size()) {
      case 0 -> Optional.of(DEFAULT_PORT);
      case 1 -> Optional.of(exposed.getFirst());
      default -> Optional.empty();
    };
  }

  private static Finding ambiguous(String component, List<Integer> ports) {
    return Finding.no(
        Reason.AMBIGUOUS_PORT.text(),
        "the image of "
            + component
            + " exposes "
            + joined(ports, "", " and ")
            + ", and spec."
            + component
            + ".port is not set");
  }

  /// What the user is to choose from, when nobody can choose for him.
  static Optional<String> portsToChooseFrom(String component, Missing image) {
    return image
        .build()
        .filter(_ -> image.finding().reason().equals(Reason.AMBIGUOUS_PORT.text()))
        .map(build -> ImageBuild.read(build).status().exposedPorts())
        .map(ports -> "set " + joined(ports, "spec." + component + ".port: ", " or "));
  }

  private static String joined(List<Integer> ports, String before, String between) {
    return ports.stream().map(port -> before + port).collect(Collectors.joining(between));
  }

  private static Finding unfinished(String component, ObjectNode tree, ImageBuild build) {
    ImageBuildStatus status = build.status();
    Optional<Failure> failure =
        BuildCauses.of(tree).map(cause -> new Failure(component, "", cause));
    if (failure.isPresent()) {
      return failure.get().finding();
    }
    String progress =
        status.steps().stream()
            .filter(step -> step.state().equals("Running"))
            .findFirst()
            .map(
                step ->
                    ", step " + step.number() + " of " + step.total() + ": " + step.instruction())
            .orElse("");
    return Finding.no(
        StatusReport.BUILDING,
        "the image of " + component + " is being built (" + build.name() + progress + ")");
  }

  /// Builds go with the ModelApp that they were made for.
  static Optional<ObjectNode> adopted(ObjectNode build, ObjectNode modelApp) {
    if (Owners.isControlledBy(build, Json.uid(modelApp))) {
      return Optional.empty();
    }
    ObjectNode next = Json.deepCopy(build);
    Owners.setController(next, Kinds.MODEL_APP, modelApp);
    return Optional.of(next);
  }
}
