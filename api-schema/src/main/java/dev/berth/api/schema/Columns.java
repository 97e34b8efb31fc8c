package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.orNone;
import static dev.berth.api.schema.Cells.since;
import static dev.berth.api.schema.Cells.text;
import static dev.berth.api.schema.Cells.timed;
import static dev.berth.api.schema.Cells.wide;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.gitops.GitWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The tables of every kind, in kubectl's columns.
final class Columns {
  private Columns() {}

  static List<Column> deployment() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(
        text(
            "Ready",
            "Ready pods of the wanted ones.",
            d -> number(d, "status", "readyReplicas") + "/" + number(d, "spec", "replicas")));
    columns.add(
        number(
            "Up-to-date",
            "Pods of the newest template.",
            d -> number(d, "status", "updatedReplicas")));
    columns.add(
        number(
            "Available",
            "Pods that are ready long enough.",
            d -> number(d, "status", "availableReplicas")));
    columns.add(age());
    columns.addAll(Cells.templateColumns());
    return columns;
  }

  static List<Column> replicaSet() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(number("Desired", "Wanted pods.", r -> number(r, "spec", "replicas")));
    columns.add(number("Current", "Pods that exist.", r -> number(r, "status", "replicas")));
    columns.add(number("Ready", "Pods that are ready.", r -> number(r, "status", "readyReplicas")));
    columns.add(age());
    columns.addAll(Cells.templateColumns());
    return columns;
  }

  static List<Column> service() {
    return List.of(
        name(),
        text("Type", "How the service is reached.", s -> Json.text(s, "spec", "type")),
        text(
            "Cluster-IP",
            "Address inside the cluster.",
            s -> orNone(Json.text(s, "spec", "clusterIP"))),
        text("External-IP", "Address from outside.", Columns::externalIp),
        text("Port(s)", "Ports and protocols.", Columns::ports),
        age(),
        wide(
            "Selector",
            "Labels of the pods behind it.",
            s ->
                orNone(LabelSelector.of(Json.strings(Json.at(s, "spec", "selector"))).toString())));
  }

  private static String externalIp(JsonNode service) {
    String name = Json.text(service, "spec", "externalName");
    String addresses =
        Json.at(service, "spec", "externalIPs")
            .valueStream()
            .map(ip -> ip.asString(""))
            .collect(Collectors.joining(","));
    return orNone(name.isEmpty() ? addresses : name);
  }

  private static String ports(JsonNode service) {
    return orNone(
        Json.at(service, "spec", "ports")
            .valueStream()
            .map(Columns::port)
            .collect(Collectors.joining(",")));
  }

  private static String port(JsonNode port) {
    String node = Json.text(port, "nodePort");
    return Json.text(port, "port")
        + (node.isEmpty() ? "" : ":" + node)
        + "/"
        + Json.text(port, "protocol");
  }

  static List<Column> node() {
    return List.of(
        name(),
        text("Status", "Whether pods can run there.", Columns::nodeStatus),
        text("Roles", "Roles of the node.", Columns::roles),
        age(),
        text(
            "Version",
            "Version of the agent.",
            n -> Json.text(n, "status", "nodeInfo", "kubeletVersion")),
        wide("Internal-IP", "Address inside the cluster.", n -> address(n, "InternalIP")),
        wide("External-IP", "Address from outside.", n -> address(n, "ExternalIP")),
        wide("OS-Image", "Operating system.", n -> info(n, "osImage")),
        wide("Kernel-Version", "Kernel.", n -> info(n, "kernelVersion")),
        wide(
            "Container-Runtime",
            "What runs the containers.",
            n -> info(n, "containerRuntimeVersion")));
  }

  private static String nodeStatus(JsonNode node) {
    String ready =
        Conditions.find(node, "Ready")
            .map(condition -> condition.isTrue() ? "Ready" : "NotReady")
            .orElse("Unknown");
    boolean closed = Json.at(node, "spec", "unschedulable").asBoolean(false);
    return closed ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(JsonNode node) {
    String prefix = "node-role.kubernetes.io/";
    return orNone(
        Json.labels(node).keySet().stream()
            .filter(label -> label.startsWith(prefix))
            .map(label -> label.substring(prefix.length()))
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private static String address(JsonNode node, String type) {
    return orNone(
        Json.at(node, "status", "addresses")
            .valueStream()
            .filter(address -> Json.text(address, "type").equals(type))
            .map(address -> Json.text(address, "address"))
            .findFirst()
            .orElse(""));
  }

  private static String info(JsonNode node, String field) {
    String found = Json.text(node, "status", "nodeInfo", field);
    return found.isEmpty() ? "<unknown>" : found;
  }

  static List<Column> endpointSlice() {
    return List.of(
        name(),
        text("AddressType", "Family of the addresses.", s -> Json.text(s, "addressType")),
        text("Ports", "Ports of the endpoints.", s -> slicePorts(s)),
        text("Endpoints", "Addresses.", s -> sliceAddresses(s)),
        age());
  }

  private static String slicePorts(JsonNode slice) {
    String ports =
        slice
            .path("ports")
            .valueStream()
            .map(port -> Json.text(port, "port"))
            .collect(Collectors.joining(","));
    return ports.isEmpty() ? "<unset>" : ports;
  }

  /// Three addresses and how many more, as kubectl shortens.
  private static String sliceAddresses(JsonNode slice) {
    List<String> all =
        slice
            .path("endpoints")
            .valueStream()
            .flatMap(endpoint -> endpoint.path("addresses").valueStream())
            .map(a -> a.asString(""))
            .toList();
    String shown = String.join(",", all.subList(0, Math.min(3, all.size())));
    return all.isEmpty()
        ? "<unset>"
        : all.size() > 3 ? shown + " + " + (all.size() - 3) + " more..." : shown;
  }

  static List<Column> configMap() {
    return List.of(
        name(),
        number(
            "Data",
            "Number of entries.",
            c -> (long) c.path("data").size() + c.path("binaryData").size()),
        age());
  }

  static List<Column> secret() {
    return List.of(
        name(),
        text("Type", "What the secret is for.", s -> Json.text(s, "type")),
        number("Data", "Number of entries.", s -> (long) s.path("data").size()),
        age());
  }

  static List<Column> event() {
    return List.of(
        timed("Last Seen", "When it last happened.", Columns::lastSeen),
        text("Type", "Normal or Warning.", e -> Json.text(e, "type")),
        text("Reason", "Why, in one word.", e -> Json.text(e, "reason")),
        text("Object", "What it is about.", Columns::involved),
        wide("Subobject", "Which part of it.", e -> Json.text(e, "involvedObject", "fieldPath")),
        wide("Source", "Who says so.", Columns::source),
        text("Message", "What happened.", e -> Json.text(e, "message").strip()),
        new Column(
            "First Seen",
            "string",
            "",
            "When it first happened.",
            1,
            (e, now) -> since(e, now, "firstTimestamp")),
        wide("Count", "How often.", e -> Math.max(1, number(e, "count"))),
        wide("Name", "Name of the event.", Json::name));
  }

  private static String lastSeen(JsonNode event, java.time.Instant now) {
    for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
      if (!Json.text(event, field).isEmpty()) {
        return since(event, now, field);
      }
    }
    return since(event, now, "metadata", "creationTimestamp");
  }

  private static String involved(JsonNode event) {
    JsonNode object = event.path("involvedObject");
    return Json.text(object, "kind").toLowerCase(java.util.Locale.ROOT)
        + "/"
        + Json.text(object, "name");
  }

  private static String source(JsonNode event) {
    String component =
        Json.optional(event, "source", "component").orElse(Json.text(event, "reportingComponent"));
    String host =
        Json.optional(event, "source", "host").orElse(Json.text(event, "reportingInstance"));
    return host.isEmpty() ? component : component + ", " + host;
  }

  static List<Column> lease() {
    return List.of(
        name(),
        text("Holder", "Who holds it.", l -> Json.text(l, "spec", "holderIdentity")),
        age());
  }

  static List<Column> namespace() {
    return List.of(
        name(),
        text("Status", "Active or Terminating.", n -> Json.text(n, "status", "phase")),
        age());
  }

  static List<Column> modelApp() {
    return List.of(
        name(),
        text(
            "Ready",
            "Whether the app is reachable and the endpoint answers.",
            m -> Conditions.find(m, "Ready").map(Condition::status).orElse("Unknown")),
        text("Model", "Ready replicas of the model.", Columns::modelReplicas),
        text("App", "Ready replicas of the app.", Columns::appReplicas),
        text("Protocol", "What the endpoint speaks.", Columns::protocol),
        text("Traffic", "Share of each revision, in percent.", Columns::traffic),
        text("URL", "Where people reach the app.", m -> Json.text(m, "status", "url")),
        age(),
        wide("Reason", "Why it is not ready.", Columns::notReadyReason),
        wide("Image", "Image of the serving model.", Columns::servingImage));
  }

  private static String modelReplicas(JsonNode modelApp) {
    JsonNode revisions = Json.at(modelApp, "status", "revisions");
    long ready = revisions.valueStream().mapToLong(r -> number(r, "ready")).sum();
    long desired = revisions.valueStream().mapToLong(r -> number(r, "desired")).sum();
    return revisions.isEmpty() ? "0/" + wanted(modelApp, "model") : ready + "/" + desired;
  }

  private static String appReplicas(JsonNode modelApp) {
    JsonNode app = Json.at(modelApp, "status", "app");
    if (app.isObject()) {
      return number(app, "ready") + "/" + number(app, "desired");
    }
    return Json.at(modelApp, "spec", "app").isObject() ? "0/" + wanted(modelApp, "app") : "-";
  }

  private static long wanted(JsonNode modelApp, String component) {
    return Json.at(modelApp, "spec", "scale", component, "min").asLong(1);
  }

  private static String protocol(JsonNode modelApp) {
    return Json.optional(modelApp, "status", "endpoint", "protocol")
        .or(() -> Json.optional(modelApp, "spec", "endpoint", "protocol"))
        .orElse("auto");
  }

  private static String traffic(JsonNode modelApp) {
    return Json.at(modelApp, "status", "revisions")
        .valueStream()
        .filter(revision -> number(revision, "weight") > 0)
        .map(revision -> Json.text(revision, "name") + ":" + number(revision, "weight"))
        .collect(Collectors.joining(" "));
  }

  private static String notReadyReason(JsonNode modelApp) {
    return Conditions.find(modelApp, "Ready")
        .filter(ready -> !ready.isTrue())
        .map(Condition::reason)
        .orElse("");
  }

  private static String servingImage(JsonNode modelApp) {
    return Json.at(modelApp, "status", "revisions")
        .valueStream()
        .max(Comparator.comparingLong(revision -> number(revision, "weight")))
        .map(revision -> Json.text(revision, "image"))
        .orElse("");
  }

  static List<Column> imageBuild() {
    return List.of(
        name(),
        text(
            "Phase",
            "Pending, Running, Succeeded or Failed.",
            b -> Json.optional(b, "status", "phase").orElse("Pending")),
        text("Step", "The instruction that runs or failed.", Columns::step),
        text("Digest", "What was built.", Columns::shortDigest),
        age(),
        wide("Repository", "Where the image goes.", b -> Json.text(b, "spec", "repository")),
        wide("Node", "Where it is built.", b -> orNone(Json.text(b, "spec", "nodeName"))),
        wide("Message", "Why it failed.", b -> Json.text(b, "status", "failure", "message")));
  }

  private static String step(JsonNode build) {
    JsonNode last = Json.object();
    for (JsonNode step : Json.at(build, "status", "steps")) {
      last = Json.text(step, "state").equals("Pending") ? last : step;
    }
    return last.isEmpty() ? "" : number(last, "number") + "/" + number(last, "total");
  }

  private static String shortDigest(JsonNode build) {
    String digest = Json.text(build, "status", "digest");
    int end = digest.indexOf(':') + 13;
    return digest.length() > end ? digest.substring(0, end) : digest;
  }

  static List<Column> gitRepository() {
    return List.of(
        name(),
        text("Ready", "Whether the wanted revision runs.", r -> GitWords.of(r).ready()),
        text("Sync", "Whether the cluster is as the commit says.", r -> GitWords.of(r).sync()),
        text("Health", "Whether what runs is well.", r -> GitWords.of(r).health()),
        text("Revision", "What was applied last.", r -> GitWords.of(r).revision()),
        text("Objects", "Healthy ones of all.", r -> GitWords.of(r).objects()),
        age(),
        text("Message", "Why it is not ready.", r -> GitWords.of(r).message()),
        wide("URL", "Where it comes from.", r -> Json.text(r, "spec", "url")));
  }

  static List<Column> of(Map<String, List<Column>> byKind, String kind) {
    return byKind.getOrDefault(kind, List.of(name(), age()));
  }
}
