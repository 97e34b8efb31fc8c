package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Cidr;
import dev.berth.api.IpAddress;
import dev.berth.api.Json;
import dev.berth.api.Names;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Ways into the cluster and between its pods (Kubernetes API: Ingress, IngressClass,
/// NetworkPolicy, Endpoints); the words are Kubernetes'.
final class NetworkRules {
  private static final Set<String> PATH_TYPES = Set.of("Exact", "Prefix", "ImplementationSpecific");

  private NetworkRules() {}

  // Ingress.

  static void ingress(JsonNode ingress, List<FieldError> errors) {
    JsonNode spec = ingress.path("spec");
    JsonNode rules = spec.path("rules");
    if (rules.isEmpty() && !spec.path("defaultBackend").isObject()) {
      errors.add(
          FieldError.invalid("spec", "", "either `defaultBackend` or `rules` must be specified"));
    }
    if (spec.path("defaultBackend").isObject()) {
      backend(spec.path("defaultBackend"), "spec.defaultBackend", errors);
    }
    subdomain(Json.text(spec, "ingressClassName"), "spec.ingressClassName", errors);
    for (int i = 0; i < rules.size(); i++) {
      host(Json.text(rules.path(i), "host"), "spec.rules[" + i + "].host", errors);
      paths(rules.path(i).path("http"), "spec.rules[" + i + "].http", errors);
    }
    JsonNode tls = spec.path("tls");
    for (int i = 0; i < tls.size(); i++) {
      JsonNode hosts = tls.path(i).path("hosts");
      for (int j = 0; j < hosts.size(); j++) {
        host(hosts.path(j).asString(""), "spec.tls[" + i + "].hosts[" + j + "]", errors);
      }
      subdomain(Json.text(tls.path(i), "secretName"), "spec.tls[" + i + "].secretName", errors);
    }
  }

  private static void subdomain(String name, String path, List<FieldError> errors) {
    if (!name.isEmpty() && !Names.isDnsSubdomain(name)) {
      errors.add(FieldError.invalid(path, name, MetadataRules.SUBDOMAIN_RULE));
    }
  }

  private static void host(String host, String path, List<FieldError> errors) {
    if (host.isEmpty()) {
      return;
    }
    if (Cidr.address(host).isPresent()) {
      errors.add(FieldError.invalid(path, host, "must be a DNS name, not an IP address"));
      return;
    }
    String name = host.startsWith("*.") ? host.substring(2) : host;
    if (!Names.isDnsSubdomain(name)) {
      errors.add(FieldError.invalid(path, host, MetadataRules.SUBDOMAIN_RULE));
    }
  }

  private static void paths(JsonNode http, String path, List<FieldError> errors) {
    if (!http.isObject()) {
      return;
    }
    JsonNode paths = http.path("paths");
    if (paths.isEmpty()) {
      errors.add(FieldError.required(path + ".paths", ""));
    }
    for (int i = 0; i < paths.size(); i++) {
      String at = path + ".paths[" + i + "]";
      path(paths.path(i), at, errors);
      backend(paths.path(i).path("backend"), at + ".backend", errors);
    }
  }

  private static void path(JsonNode one, String path, List<FieldError> errors) {
    String type = Json.text(one, "pathType");
    String text = Json.text(one, "path");
    if (type.isEmpty()) {
      errors.add(FieldError.required(path + ".pathType", "pathType must be specified"));
    }
    ContainerRules.supported(one, "pathType", PATH_TYPES, path, errors);
    boolean free = type.equals("ImplementationSpecific") && text.isEmpty();
    if (!free && !text.startsWith("/")) {
      errors.add(FieldError.invalid(path + ".path", text, "must be an absolute path"));
    }
    for (String sequence : List.of("//", "/./", "/../", "%2f", "%2F")) {
      if (!type.equals("ImplementationSpecific") && text.contains(sequence)) {
        errors.add(FieldError.invalid(path + ".path", text, "must not contain '" + sequence + "'"));
      }
    }
  }

  private static void backend(JsonNode backend, String path, List<FieldError> errors) {
    boolean service = backend.path("service").isObject();
    boolean resource = backend.path("resource").isObject();
    if (service && resource) {
      errors.add(FieldError.invalid(path, "", "cannot set both resource and service backends"));
    } else if (service) {
      service(backend.path("service"), path + ".service", errors);
    } else if (!resource) {
      errors.add(FieldError.required(path, "resource or service backend is required"));
    }
  }

  private static void service(JsonNode service, String path, List<FieldError> errors) {
    String name = Json.text(service, "name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path + ".name", ""));
    } else if (!Names.isDns1035Label(name)) {
      errors.add(FieldError.invalid(path + ".name", name, MetadataRules.DNS_1035_RULE));
    }
    JsonNode port = service.path("port");
    boolean number = port.path("number").asLong(0) != 0;
    boolean named = !Json.text(port, "name").isEmpty();
    if (number && named) {
      errors.add(FieldError.invalid(path, "", "cannot set both port name & port number"));
    } else if (!number && !named) {
      errors.add(FieldError.required(path, "port name or number is required"));
    } else if (number) {
      ContainerRules.portNumber(port.path("number"), path + ".port.number", errors);
    } else if (!ContainerRules.isPortName(Json.text(port, "name"))) {
      errors.add(
          FieldError.invalid(
              path + ".port.name",
              Json.text(port, "name"),
              "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));
    }
  }

  static void ingressClass(JsonNode kind, List<FieldError> errors) {
    String controller = Json.text(kind, "spec", "controller");
    if (controller.isEmpty()) {
      errors.add(FieldError.required("spec.controller", ""));
    } else if (controller.indexOf('/') < 1 || controller.length() > 250) {
      errors.add(
          FieldError.invalid(
              "spec.controller",
              controller,
              "must be a domain-prefixed path (such as \"acme.io/foo\")"));
    }
    JsonNode parameters = Json.at(kind, "spec", "parameters");
    if (parameters.isObject()) {
      for (String field : List.of("kind", "name")) {
        if (Json.text(parameters, field).isEmpty()) {
          errors.add(FieldError.required("spec.parameters." + field, ""));
        }
      }
      ContainerRules.supported(
          parameters, "scope", Set.of("Cluster", "Namespace"), "spec.parameters", errors);
    }
  }

  static void ingressClassDefaults(ObjectNode kind) {
    if (Json.at(kind, "spec").get("parameters") instanceof ObjectNode parameters) {
      put(parameters, "scope", "Cluster");
    }
  }

  static void ingressClassUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "spec.controller", errors);
  }

  // NetworkPolicy.

  static void policyDefaults(ObjectNode policy) {
    ObjectNode spec = Json.ensure(policy, "spec");
    if (isAbsent(spec, "podSelector")) {
      spec.putObject("podSelector");
    }
    if (isAbsent(spec, "policyTypes")) {
      ArrayNode types = spec.putArray("policyTypes").add("Ingress");
      if (!spec.path("egress").isEmpty()) {
        types.add("Egress");
      }
    }
    Stream.of("ingress", "egress")
        .flatMap(side -> objects(spec.path(side)).stream())
        .flatMap(rule -> objects(rule.path("ports")).stream())
        .forEach(port -> put(port, "protocol", "TCP"));
  }

  static void policy(JsonNode policy, List<FieldError> errors) {
    JsonNode spec = policy.path("spec");
    MetadataRules.selector(spec.path("podSelector"), "spec.podSelector", errors);
    JsonNode types = spec.path("policyTypes");
    for (int i = 0; i < types.size(); i++) {
      String type = types.path(i).asString("");
      if (!Set.of("Ingress", "Egress").contains(type)) {
        errors.add(
            new FieldError(
                "spec.policyTypes[" + i + "]",
                FieldError.NOT_SUPPORTED,
                "Unsupported value: \"" + type + "\": supported values: \"Egress\", \"Ingress\""));
      }
    }
    traffic(spec.path("ingress"), "from", "spec.ingress", errors);
    traffic(spec.path("egress"), "to", "spec.egress", errors);
  }

  private static void traffic(JsonNode rules, String peers, String path, List<FieldError> errors) {
    for (int i = 0; i < rules.size(); i++) {
      String at = path + "[" + i + "]";
      JsonNode ports = rules.path(i).path("ports");
      for (int j = 0; j < ports.size(); j++) {
        policyPort(ports.path(j), at + ".ports[" + j + "]", errors);
      }
      JsonNode all = rules.path(i).path(peers);
      for (int j = 0; j < all.size(); j++) {
        peer(all.path(j), at + "." + peers + "[" + j + "]", errors);
      }
    }
  }

  private static void policyPort(JsonNode port, String path, List<FieldError> errors) {
    ContainerRules.supported(port, "protocol", ContainerRules.PROTOCOLS, path, errors);
    ContainerRules.portNumber(port.path("port"), path + ".port", errors);
    ContainerRules.portNumber(port.path("endPort"), path + ".endPort", errors);
    if (port.path("endPort").isNumber()) {
      long end = port.path("endPort").asLong(0);
      if (!port.path("port").isNumber()) {
        errors.add(
            FieldError.invalid(
                path + ".endPort", end, "may not be specified when `port` is non-numeric"));
      } else if (end < port.path("port").asLong(0)) {
        errors.add(
            FieldError.invalid(path + ".endPort", end, "must be greater than or equal to `port`"));
      }
    }
  }

  private static void peer(JsonNode peer, String path, List<FieldError> errors) {
    boolean block = peer.path("ipBlock").isObject();
    boolean selects =
        peer.path("podSelector").isObject() || peer.path("namespaceSelector").isObject();
    if (!block && !selects) {
      errors.add(FieldError.required(path, "must specify a peer"));
    } else if (block && selects) {
      errors.add(FieldError.forbidden(path, "may not specify both ipBlock and another peer"));
    }
    MetadataRules.selector(peer.path("podSelector"), path + ".podSelector", errors);
    MetadataRules.selector(peer.path("namespaceSelector"), path + ".namespaceSelector", errors);
    if (block) {
      block(peer.path("ipBlock"), path + ".ipBlock", errors);
    }
  }

  private static void block(JsonNode block, String path, List<FieldError> errors) {
    String cidr = Json.text(block, "cidr");
    if (cidr.isEmpty()) {
      errors.add(FieldError.required(path + ".cidr", ""));
    } else if (!isCidr(cidr)) {
      errors.add(FieldError.invalid(path + ".cidr", cidr, CIDR_RULE));
    }
    JsonNode except = block.path("except");
    for (int i = 0; i < except.size(); i++) {
      String one = except.path(i).asString("");
      if (!isCidr(one)) {
        errors.add(FieldError.invalid(path + ".except[" + i + "]", one, CIDR_RULE));
      }
    }
  }

  private static final String CIDR_RULE =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

  /// Of either family; the other one than ours is only looked at.
  private static boolean isCidr(String text) {
    return text.contains(":") ? text.matches("[0-9a-fA-F:.]{2,45}/[0-9]{1,3}") : isV4(text);
  }

  private static boolean isV4(String text) {
    int slash = text.indexOf('/');
    return slash > 0
        && Cidr.address(text.substring(0, slash)).isPresent()
        && text.substring(slash + 1).matches("[0-9]|[12][0-9]|3[0-2]");
  }

  // Endpoints.

  static void endpointsDefaults(ObjectNode endpoints) {
    objects(endpoints.path("subsets")).stream()
        .flatMap(subset -> objects(subset.path("ports")).stream())
        .forEach(port -> put(port, "protocol", "TCP"));
  }

  static void endpoints(JsonNode endpoints, List<FieldError> errors) {
    JsonNode subsets = endpoints.path("subsets");
    for (int i = 0; i < subsets.size(); i++) {
      JsonNode subset = subsets.path(i);
      String at = "subsets[" + i + "]";
      if (subset.path("addresses").isEmpty() && subset.path("notReadyAddresses").isEmpty()) {
        errors.add(FieldError.required(at, "must specify `addresses` or `notReadyAddresses`"));
      }
      for (String field : List.of("addresses", "notReadyAddresses")) {
        addresses(subset.path(field), at + "." + field, errors);
      }
      JsonNode ports = subset.path("ports");
      for (int j = 0; j < ports.size(); j++) {
        endpointPort(ports.path(j), ports.size() > 1, at + ".ports[" + j + "]", errors);
      }
    }
  }

  private static void addresses(JsonNode addresses, String path, List<FieldError> errors) {
    for (int i = 0; i < addresses.size(); i++) {
      String ip = Json.text(addresses.path(i), "ip");
      if (!IpAddress.isValid(ip)) {
        errors.add(
            FieldError.invalid(
                path + "[" + i + "].ip",
                ip,
                "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
      }
    }
  }

  private static void endpointPort(
      JsonNode port, boolean several, String path, List<FieldError> errors) {
    String name = Json.text(port, "name");
    if (name.isEmpty() && several) {
      errors.add(FieldError.required(path + ".name", ""));
    } else if (!name.isEmpty() && !Names.isDnsLabel(name)) {
      errors.add(FieldError.invalid(path + ".name", name, MetadataRules.LABEL_RULE));
    }
    if (!port.has("port")) {
      errors.add(FieldError.required(path + ".port", ""));
    }
    ContainerRules.portNumber(port.path("port"), path + ".port", errors);
    ContainerRules.supported(port, "protocol", ContainerRules.PROTOCOLS, path, errors);
  }
}
