package dev.berth.cli.stream;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Failure;
import dev.berth.cli.verb.Named;
import dev.berth.cli.verb.Raw;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The pod and the container that a person means: a pod by its name, or one of those that belong to
/// a ModelApp, a Deployment, a ReplicaSet, a Job, or that a Service selects.
///
/// @param container by name
record PodOf(ObjectKey pod, String container) {
  private static final List<ResourceType> GUESSES =
      List.of(Kinds.MODEL_APP, Kinds.POD, Kinds.DEPLOYMENT);
  private static final String DEFAULT = "kubectl.kubernetes.io/default-container";

  /// Throws a [Failure] that names what there is.
  ///
  /// @param word `NAME` or `TYPE/NAME`
  /// @param container the wanted one, or an empty text
  static PodOf find(ApiClient client, String word, String inNamespace, String container) {
    Named named = Named.of(client, List.of(word), inNamespace, GUESSES);
    ObjectNode object = client.get(named.type(), named.key());
    JsonNode pod = named.type().equals(Kinds.POD) ? object : one(client, named, object, container);
    return new PodOf(ObjectKey.of(pod), container(pod, container));
  }

  /// A ready one before others, and an app's before its model's.
  private static JsonNode one(ApiClient client, Named named, ObjectNode object, String container) {
    return client
        .list(Kinds.POD, named.key().namespace(), ListOptions.labelled(pods(named, object)))
        .items()
        .stream()
        .filter(pod -> Json.text(pod, "status", "phase").equals("Running"))
        .filter(pod -> container.isEmpty() || containers(pod).contains(container))
        .min(
            Comparator.comparing((ObjectNode pod) -> !Conditions.isTrue(pod, "Ready"))
                .thenComparing(pod -> !"app".equals(Json.labels(pod).get("berth.dev/component")))
                .thenComparing(Json::name))
        .orElseThrow(() -> none(named, container));
  }

  private static LabelSelector pods(Named named, JsonNode object) {
    if (named.type().equals(Kinds.MODEL_APP)) {
      return LabelSelector.of(Map.of("berth.dev/modelapp", named.key().name()));
    }
    JsonNode selector = Json.at(object, "spec", "selector");
    if (!selector.isObject()) {
      throw Failure.of(
          "a " + named.type().kind() + " has no pods",
          "name a pod, a modelapp, a deployment, a replicaset, a job or a service");
    }
    // A Service's selector is its labels themselves.
    return named.type().equals(Kinds.SERVICE)
        ? LabelSelector.of(Json.strings(selector))
        : LabelSelector.of(selector);
  }

  private static Failure none(Named named, String container) {
    return Failure.of(
        "no pod of "
            + Printable.line(named.text())
            + " runs"
            + (container.isEmpty() ? "" : " a container " + Printable.line(container)),
        "berth why " + Printable.line(named.text()));
  }

  private static String container(JsonNode pod, String wanted) {
    List<String> known = containers(pod);
    String chosen =
        Optional.of(wanted)
            .filter(name -> !name.isEmpty())
            .or(() -> Json.annotation(pod, DEFAULT).filter(known::contains))
            .orElseGet(() -> known.isEmpty() ? "" : known.getFirst());
    if (!known.contains(chosen)) {
      throw Failure.of(
          "pod " + Printable.line(Json.name(pod)) + " has no container " + Printable.line(chosen),
          "it has " + known.stream().map(Printable::line).collect(Collectors.joining(", ")));
    }
    return chosen;
  }

  /// Where a command is run in it.
  String exec(List<String> command, boolean input, boolean tty) {
    StringBuilder path = new StringBuilder(Kinds.POD.objectPath(pod));
    path.append("/exec?container=").append(Raw.encode(container));
    command.forEach(word -> path.append("&command=").append(Raw.encode(word)));
    path.append("&stdin=").append(input).append("&stdout=true&tty=").append(tty);
    return path.append("&stderr=").append(!tty).toString(); // a terminal has one output
  }

  private static List<String> containers(JsonNode pod) {
    return java.util.stream.Stream.of("containers", "initContainers")
        .flatMap(field -> Json.at(pod, "spec", field).valueStream())
        .map(container -> Json.text(container, "name"))
        .toList();
  }
}
