package dev.berth.controller.modelapp;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.modelapp.AppSpec;
import dev.berth.api.modelapp.EndpointSpec;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.ModelSpec;
import dev.berth.api.modelapp.Protocol;
import dev.berth.api.modelapp.Workload;
import dev.berth.api.schema.Schemas;
import dev.berth.api.schema.StrategicMerge;
import dev.berth.controller.reconcile.Owners;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/// The objects that a ModelApp stands for. Pure: the same ModelApp and images give the same
/// objects.
final class Expansion {
  private static final int SERVICE_PORT = 80;
  private static final String[] POD_SPEC = {"spec", "template", "spec"};
  private static final String TOKEN = "automountServiceAccountToken";

  private final ObjectNode tree;
  private final ModelApp app;

  Expansion(ObjectNode tree) {
    this.tree = tree;
    this.app = ModelApp.read(tree);
  }

  /// What makes a model revision: everything but the number of replicas.
  String modelHash(Image.Ready image) {
    return hash(modelTemplate(image, "r0"));
  }

  ObjectNode modelDeployment(Image.Ready image, String revision) {
    ObjectNode deployment =
        deployment(
            app.name() + "-model-" + revision,
            app.spec().scale().model().min(),
            labels(Labels.MODEL, revision),
            modelTemplate(image, revision));
    Json.ensure(Json.meta(deployment), "annotations").put(Labels.TEMPLATE_HASH, modelHash(image));
    return withoutToken(sealed(deployment));
  }

  private ObjectNode modelTemplate(Image.Ready image, String revision) {
    ModelSpec model = app.spec().model();
    ObjectNode container = container(Labels.MODEL, image, model.workload(), Json.array());
    Probes.add(container, model.workload().health(), image.port(), modelReadiness(image.port()));
    ObjectNode template = template(labels(Labels.MODEL, revision), container, model.workload());
    EndpointSpec endpoint = app.spec().endpoint();
    ObjectNode annotations = Json.ensure(template, "metadata", "annotations");
    annotations.put(Labels.PROTOCOL, endpoint.protocol().text());
    annotations.put(Labels.MODEL_NAME, endpoint.modelName());
    annotations.put(Labels.BASE_PATH, endpoint.basePath());
    annotations.put(Labels.PORT, Integer.toString(image.port()));
    annotations.put(Labels.CONCURRENCY, Integer.toString(model.concurrency()));
    long startup = Probes.startupSeconds(model.workload().health());
    annotations.put(Labels.STARTUP_TIMEOUT, Long.toString(startup));
    return template;
  }

  /// With `protocol: auto` the agent finds out what the model speaks, and with it whether it is
  /// ready.
  private Optional<ObjectNode> modelReadiness(int port) {
    EndpointSpec endpoint = app.spec().endpoint();
    return switch (endpoint.protocol()) {
      case OPEN_INFERENCE ->
          Optional.of(
              Probes.get(
                  endpoint.basePath() + "/v2/models/" + endpoint.modelName() + "/ready", port));
      case OPENAI -> Optional.of(Probes.get(endpoint.basePath() + "/v1/models", port));
      case HTTP -> Optional.of(Probes.tcp(port));
      case AUTO -> Optional.empty();
    };
  }

  ObjectNode appDeployment(AppSpec spec, Image.Ready image) {
    ObjectNode container = container(Labels.APP, image, spec.workload(), endpointVariables(spec));
    Probes.add(
        container, spec.workload().health(), image.port(), Optional.of(Probes.tcp(image.port())));
    Map<String, String> labels = labels(Labels.APP, "");
    return withoutToken(
        sealed(
            deployment(
                app.name() + "-app",
                app.spec().scale().app().min(),
                labels,
                template(labels, container, spec.workload()))));
  }

  private ObjectNode deployment(
      String name, int replicas, Map<String, String> labels, ObjectNode template) {
    ObjectNode deployment = owned(Kinds.DEPLOYMENT, name, labels);
    ObjectNode spec = deployment.putObject("spec").put("replicas", replicas);
    ObjectNode selector = spec.putObject("selector").putObject("matchLabels");
    labels.forEach(selector::put);
    spec.set("template", template);
    return deployment;
  }

  private static ObjectNode template(
      Map<String, String> labels, ObjectNode container, Workload workload) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode podLabels = Json.ensure(pod, "metadata", "labels");
    labels.forEach(podLabels::put);
    Probes.yieldTo(container, workload.podTemplate());
    pod.putObject("spec").putArray("containers").add(container);
    if (!workload.podTemplate().isEmpty()) {
      ObjectNode patch = Json.object();
      patch.set("spec", workload.podTemplate());
      pod = StrategicMerge.apply(pod, patch, Schemas.of(Kinds.POD).root());
    }
    ObjectNode template = Json.object();
    template.set("metadata", pod.path("metadata"));
    template.set("spec", pod.path("spec"));
    return template;
  }

  private static ObjectNode container(
      String name, Image.Ready image, Workload workload, ArrayNode injected) {
    ObjectNode container = Json.object().put("name", name).put("image", image.reference());
    texts(container, "command", workload.command());
    texts(container, "args", workload.args());
    container.putArray("ports").addObject().put("name", "http").put("containerPort", image.port());
    ArrayNode env = merged(injected, workload.env());
    if (!env.isEmpty()) {
      container.set("env", env);
    }
    if (!workload.resources().isEmpty()) {
      container.set("resources", workload.resources().deepCopy());
    }
    return container;
  }

  private static void texts(ObjectNode container, String field, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(container.putArray(field)::add);
    }
  }

  /// Injected variables come first, so that the user's own may refer to them; where both name one,
  /// the user's counts.
  private static ArrayNode merged(ArrayNode injected, ArrayNode own) {
    Set<String> names =
        StreamSupport.stream(own.spliterator(), false)
            .map(variable -> Json.text(variable, "name"))
            .collect(Collectors.toSet());
    ArrayNode merged = Json.array();
    for (JsonNode variable : injected) {
      if (!names.contains(Json.text(variable, "name"))) {
        merged.add(variable);
      }
    }
    own.forEach(variable -> merged.add(variable.deepCopy()));
    return merged;
  }

  private ArrayNode endpointVariables(AppSpec spec) {
    EndpointSpec endpoint = app.spec().endpoint();
    String prefix = spec.endpointEnv();
    String url = app.endpointUrl();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(prefix + "_URL", url);
    variables.put(prefix + "_MODEL", endpoint.modelName());
    variables.put(prefix + "_PROTOCOL", endpoint.protocol().text());
    endpoint.predictPath().ifPresent(path -> variables.put(prefix + "_PREDICT_URL", url + path));
    if (endpoint.protocol() == Protocol.OPENAI) {
      variables.put("OPENAI_BASE_URL", url + endpoint.basePath() + "/v1");
      variables.put("OPENAI_MODEL", endpoint.modelName());
    }
    ArrayNode env = Json.array();
    variables.forEach((name, value) -> env.addObject().put("name", name).put("value", value));
    return env;
  }

  /// No selector: its address is answered by the gateway of the caller's own host.
  ObjectNode endpointService() {
    ObjectNode service = owned(Kinds.SERVICE, app.endpointService(), labels(Labels.ENDPOINT, ""));
    ports(service, SERVICE_PORT);
    return sealed(service);
  }

  ObjectNode appService(int port) {
    Map<String, String> labels = labels(Labels.APP, "");
    ObjectNode service = owned(Kinds.SERVICE, app.appService(), labels);
    ports(service, port);
    ObjectNode selector = Json.ensure(service, "spec", "selector");
    labels.forEach(selector::put);
    return sealed(service);
  }

  private static void ports(ObjectNode service, int target) {
    Json.ensure(service, "spec")
        .putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", SERVICE_PORT)
        .put("protocol", "TCP")
        .put("targetPort", target);
  }

  /// The replicas of one revision, ready or not, and its share of the traffic.
  ObjectNode slice(String revision, int port, int weight, List<ObjectNode> pods) {
    ObjectNode slice =
        owned(
            Kinds.ENDPOINT_SLICE,
            app.endpointService() + "-" + revision,
            labels(Labels.MODEL, revision));
    Json.ensure(slice, "metadata", "labels").put(Labels.SERVICE_NAME, app.endpointService());
    Json.ensure(slice, "metadata", "annotations").put(Labels.WEIGHT, Integer.toString(weight));
    if (pods.stream().anyMatch(Workloads::serves)) {
      Json.ensure(slice, "metadata", "annotations").put(Labels.HAS_SERVED, "true");
    }
    slice.put("addressType", "IPv4");
    ArrayNode endpoints = slice.putArray("endpoints");
    pods.stream()
        .filter(pod -> !Json.text(pod, "status", "podIP").isEmpty())
        .forEach(pod -> endpoint(endpoints.addObject(), pod));
    slice
        .putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", port)
        .put("protocol", "TCP");
    return sealed(slice);
  }

  private static void endpoint(ObjectNode endpoint, ObjectNode pod) {
    boolean serving = Workloads.isReady(pod);
    endpoint.putArray("addresses").add(Json.text(pod, "status", "podIP"));
    endpoint
        .putObject("conditions")
        .put("ready", serving && !Json.isDeleting(pod))
        .put("serving", serving)
        .put("terminating", Json.isDeleting(pod));
    endpoint.put("nodeName", Json.text(pod, "spec", "nodeName"));
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("name", Json.name(pod))
        .put("namespace", Json.namespace(pod))
        .put("uid", Json.uid(pod));
  }

  private Map<String, String> labels(String component, String revision) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Labels.MODEL_APP, app.name());
    labels.put(Labels.COMPONENT, component);
    if (!revision.isEmpty()) {
      labels.put(Labels.REVISION, revision);
    }
    return labels;
  }

  private ObjectNode owned(ResourceType type, String name, Map<String, String> labels) {
    ObjectNode object =
        Json.object().put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    ObjectNode meta = Json.meta(object);
    meta.put("name", name).put("namespace", app.namespace());
    ObjectNode own = meta.putObject("labels");
    labels.forEach(own::put);
    Owners.setController(object, Kinds.MODEL_APP, tree);
    return object;
  }

  /// The hash tells later whether the stored object is still what this expansion wants, without
  /// comparing field by field with all that defaulting has added.
  private static ObjectNode sealed(ObjectNode object) {
    String hash = hash(object);
    Json.ensure(Json.meta(object), "annotations").put(Labels.EXPANSION_HASH, hash);
    return object;
  }

  /// A model needs no API, so its pods hold no token for one. No part of the hashes: what runs
  /// since before pods had tokens is what is wanted, and goes on.
  private static ObjectNode withoutToken(ObjectNode deployment) {
    Json.ensure(deployment, POD_SPEC).putIfAbsent(TOKEN, BooleanNode.FALSE);
    return deployment;
  }

  /// The wanted object in the words that `present`, which has the same hash, was made with: to add
  /// one to a template would replace the pods that run.
  static ObjectNode asOldAs(JsonNode present, ObjectNode wanted) {
    boolean older = Json.at(wanted, POD_SPEC).has(TOKEN) && !Json.at(present, POD_SPEC).has(TOKEN);
    if (!older) {
      return wanted;
    }
    ObjectNode old = Json.deepCopy(wanted);
    Json.ensure(old, POD_SPEC).remove(TOKEN);
    return old;
  }

  private static String hash(JsonNode tree) {
    return Digest.sha256(Json.canonical(tree)).hex().substring(0, 16);
  }
}
