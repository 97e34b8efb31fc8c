package dev.berth.cli.why;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ResourceType;
import dev.berth.api.why.Situation;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What may matter to an object, read with one request per kind: however many ModelApps are asked
/// about, the server is asked seven times. `situation` picks each one's share.
public record Surroundings(
    List<? extends JsonNode> pods,
    List<? extends JsonNode> deployments,
    List<? extends JsonNode> builds,
    List<? extends JsonNode> services,
    List<? extends JsonNode> nodes,
    List<? extends JsonNode> events) {
  /// Kinds that can be asked about, in the order in which a bare name is looked for.
  public static final List<ResourceType> ASKABLE =
      List.of(
          Kinds.MODEL_APP,
          Kinds.POD,
          Kinds.NODE,
          Kinds.IMAGE_BUILD,
          Kinds.SERVICE,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET);

  private static final String APP = "berth.dev/modelapp";
  private static final String COMPONENT = "berth.dev/component";

  /// Of every ModelApp and every node; of one namespace, or of all where it is null.
  public static Surroundings everything(ApiClient client, @Nullable String namespace) {
    return read(client, namespace, LabelSelector.parse(APP), FieldSelector.EVERYTHING);
  }

  public static Surroundings of(ApiClient client, JsonNode target) {
    String namespace = Json.namespace(target);
    return switch (Json.text(target, "kind")) {
      case "ModelApp" ->
          read(
              client,
              namespace,
              LabelSelector.of(Map.of(APP, Json.name(target))),
              FieldSelector.EVERYTHING);
      case "Node" ->
          read(
              client,
              null,
              LabelSelector.EVERYTHING,
              FieldSelector.equal("spec.nodeName", Json.name(target)));
      default -> read(client, namespace, LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
    };
  }

  private static Surroundings read(
      ApiClient client, @Nullable String namespace, LabelSelector labels, FieldSelector pods) {
    ListOptions labelled = ListOptions.labelled(labels);
    return new Surroundings(
        client.list(Kinds.POD, namespace, ListOptions.selecting(labels, pods)).items(),
        items(client, Kinds.DEPLOYMENT, namespace, labelled),
        items(client, Kinds.IMAGE_BUILD, namespace, labelled),
        items(client, Kinds.SERVICE, namespace, labelled),
        items(client, Kinds.NODE, null, ListOptions.ALL),
        items(client, Kinds.EVENT, namespace, ListOptions.ALL));
  }

  private static List<? extends JsonNode> items(
      ApiClient client, ResourceType type, @Nullable String namespace, ListOptions options) {
    return client.list(type, namespace, options).items();
  }

  public Situation situation(JsonNode target) {
    Predicate<JsonNode> near = near(target);
    List<JsonNode> itsPods = only(pods, pod -> near.test(pod) && belongs(target, pod));
    List<JsonNode> itsBuilds = only(builds, near);
    Set<String> about = new HashSet<>(Set.of(word(target)));
    itsPods.forEach(pod -> about.add(word(pod)));
    itsBuilds.forEach(build -> about.add(word(build)));
    return new Situation(
        target,
        itsPods,
        only(deployments, near),
        itsBuilds,
        only(services, near),
        List.copyOf(nodes),
        only(events, event -> about.contains(word(event.path("involvedObject")))));
  }

  /// An object, or a reference to one, as `Kind namespace/name`.
  private static String word(JsonNode object) {
    JsonNode named = object.has("metadata") ? object.path("metadata") : object;
    return Json.text(object, "kind")
        + " "
        + Json.text(named, "namespace")
        + "/"
        + Json.text(named, "name");
  }

  /// Of the same ModelApp, where the target is one; else of the same namespace.
  private static Predicate<JsonNode> near(JsonNode target) {
    String namespace = Json.namespace(target);
    return switch (Json.text(target, "kind")) {
      case "Node" -> _ -> true;
      case "ModelApp" ->
          object ->
              Json.namespace(object).equals(namespace)
                  && Json.name(target).equals(Json.labels(object).get(APP));
      default -> object -> Json.namespace(object).equals(namespace);
    };
  }

  private static boolean belongs(JsonNode target, JsonNode pod) {
    return switch (Json.text(target, "kind")) {
      case "Pod" -> Json.uid(pod).equals(Json.uid(target));
      case "Node" -> Json.text(pod, "spec", "nodeName").equals(Json.name(target));
      case "Deployment", "ReplicaSet" ->
          selects(LabelSelector.of(Json.at(target, "spec", "selector")), pod);
      case "Service" -> selects(behind(target), pod);
      case "ImageBuild" -> false;
      default -> true;
    };
  }

  /// An endpoint has no selector of its own: the model's replicas are behind it.
  private static LabelSelector behind(JsonNode service) {
    Map<String, String> labels = Json.labels(service);
    return "endpoint".equals(labels.get(COMPONENT))
        ? LabelSelector.of(Map.of(APP, labels.getOrDefault(APP, ""), COMPONENT, "model"))
        : LabelSelector.of(Json.strings(Json.at(service, "spec", "selector")));
  }

  private static boolean selects(LabelSelector selector, JsonNode pod) {
    return !selector.isEverything() && selector.matches(Json.labels(pod));
  }

  private static List<JsonNode> only(List<? extends JsonNode> all, Predicate<JsonNode> wanted) {
    return all.stream().<JsonNode>map(object -> object).filter(wanted).toList();
  }
}
