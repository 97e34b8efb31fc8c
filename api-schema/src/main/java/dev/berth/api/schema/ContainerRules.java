package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Names;
import dev.berth.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rules of one container; the words are Kubernetes'.
final class ContainerRules {
  private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
  private static final Pattern PORT_NAME = Pattern.compile("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");
  private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> HOOKS = List.of("exec", "httpGet", "tcpSocket", "sleep");
  private static final Set<String> ENFORCED = Set.of("cpu", "memory");
  private static final String STORAGE = "ephemeral-storage";
  static final String PORT_RULE = "must be between 1 and 65535, inclusive";
  static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

  private ContainerRules() {}

  static void check(JsonNode container, String path, List<FieldError> errors) {
    String name = Json.text(container, "name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path + ".name", ""));
    } else if (!Names.isDnsLabel(name)) {
      errors.add(FieldError.invalid(path + ".name", name, MetadataRules.LABEL_RULE));
    }
    if (Json.text(container, "image").isBlank()) {
      errors.add(FieldError.required(path + ".image", ""));
    }
    supported(
        container, "imagePullPolicy", Set.of("Always", "IfNotPresent", "Never"), path, errors);
    supported(
        container,
        "terminationMessagePolicy",
        Set.of("File", "FallbackToLogsOnError"),
        path,
        errors);
    String last = Json.text(container, "terminationMessagePath");
    if (!last.isEmpty() && !last.startsWith("/")) {
      errors.add(
          FieldError.invalid(path + ".terminationMessagePath", last, "must be an absolute path"));
    }
    ports(container.path("ports"), path + ".ports", errors);
    env(container.path("env"), path + ".env", errors);
    resources(container.path("resources"), path + ".resources", errors);
    probes(container, path, errors);
  }

  static void supported(
      JsonNode object, String field, Set<String> allowed, String path, List<FieldError> errors) {
    String value = Json.text(object, field);
    if (!value.isEmpty() && !allowed.contains(value)) {
      String list = String.join(", ", allowed.stream().sorted().map(v -> "\"" + v + "\"").toList());
      errors.add(
          new FieldError(
              below(path, field),
              FieldError.NOT_SUPPORTED,
              "Unsupported value: \"" + value + "\": supported values: " + list));
    }
  }

  /// A field of the object at `path`, which is empty at the root.
  static String below(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static void ports(JsonNode ports, String path, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      JsonNode port = ports.path(i);
      String at = path + "[" + i + "]";
      String name = Json.text(port, "name");
      if (!name.isEmpty() && !isPortName(name)) {
        errors.add(
            FieldError.invalid(
                at + ".name",
                name,
                "must be at most 15 lower case alphanumeric characters or '-', with at least one letter"));
      } else if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
      if (!port.has("containerPort")) {
        errors.add(FieldError.required(at + ".containerPort", ""));
      } else {
        portNumber(port.path("containerPort"), at + ".containerPort", errors);
      }
      supported(port, "protocol", PROTOCOLS, at, errors);
    }
  }

  static boolean isPortName(String name) {
    return name.length() <= 15 && PORT_NAME.matcher(name).matches();
  }

  static void portNumber(JsonNode port, String path, List<FieldError> errors) {
    if (port.isIntegralNumber()
        && (!port.canConvertToInt() || port.intValue() < 1 || port.intValue() > 65535)) {
      errors.add(FieldError.invalid(path, port.numberValue(), PORT_RULE));
    }
  }

  static void env(JsonNode env, String path, List<FieldError> errors) {
    for (int i = 0; i < env.size(); i++) {
      JsonNode variable = env.path(i);
      String at = path + "[" + i + "]";
      String name = Json.text(variable, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!ENV_NAME.matcher(name).matches()) {
        errors.add(
            FieldError.invalid(
                at + ".name",
                name,
                "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"));
      }
      JsonNode from = variable.path("valueFrom");
      if (from.isObject()) {
        source(from, !Json.text(variable, "value").isEmpty(), at + ".valueFrom", errors);
      }
    }
  }

  private static void source(
      JsonNode from, boolean hasValue, String path, List<FieldError> errors) {
    if (hasValue) {
      errors.add(FieldError.invalid(path, "", "may not be specified when `value` is not empty"));
    }
    if (from.size() != 1) {
      errors.add(FieldError.invalid(path, "", "must specify exactly one source of the value"));
    }
    for (String ref : List.of("configMapKeyRef", "secretKeyRef")) {
      if (from.path(ref).isObject() && Json.text(from, ref, "key").isEmpty()) {
        errors.add(FieldError.required(path + "." + ref + ".key", ""));
      }
    }
    if (from.path("fieldRef").isObject()) {
      FieldRefRules.field(
          from.path("fieldRef"), FieldRefRules.VARIABLE_FIELDS, path + ".fieldRef", errors);
    }
    if (from.path("resourceFieldRef").isObject()) {
      FieldRefRules.resource(
          from.path("resourceFieldRef"), false, path + ".resourceFieldRef", errors);
    }
  }

  static void resources(JsonNode resources, String path, List<FieldError> errors) {
    for (String kind : List.of("limits", "requests")) {
      for (Map.Entry<String, JsonNode> entry : resources.path(kind).properties()) {
        amount(entry, resources, path + "." + kind + "[" + entry.getKey() + "]", kind, errors);
      }
    }
  }

  /// Paths of the amounts that nothing counts or enforces.
  static List<String> otherResources(JsonNode resources, String path) {
    return Stream.of("limits", "requests")
        .flatMap(
            kind ->
                resources.path(kind).properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(name -> !ENFORCED.contains(name) && !isLimit(resources, kind, name))
                    .map(name -> path + "." + kind + "[" + name + "]"))
        .toList();
  }

  /// What a container writes is limited, and not counted on the nodes; a request equal to the limit
  /// is what the defaults add.
  private static boolean isLimit(JsonNode resources, String kind, String name) {
    JsonNode limit = resources.path("limits").path(STORAGE);
    return name.equals(STORAGE)
        && (kind.equals("limits") || limit.equals(resources.path(kind).path(name)));
  }

  private static void amount(
      Map.Entry<String, JsonNode> entry,
      JsonNode resources,
      String path,
      String kind,
      List<FieldError> errors) {
    Optional<Quantity> amount = quantity(entry.getValue());
    if (amount.isEmpty()) {
      return;
    }
    if (amount.get().isNegative()) {
      errors.add(
          FieldError.invalid(
              path, entry.getValue().asString(), "must be greater than or equal to 0"));
    }
    Optional<Quantity> limit = quantity(resources.path("limits").path(entry.getKey()));
    if (kind.equals("requests") && limit.isPresent() && amount.get().compareTo(limit.get()) > 0) {
      errors.add(
          FieldError.invalid(
              path,
              amount.get(),
              "must be less than or equal to " + entry.getKey() + " limit of " + limit.get()));
    }
  }

  private static Optional<Quantity> quantity(JsonNode node) {
    return node.isString() || node.isNumber()
        ? Quantity.tryParse(node.asString())
        : Optional.empty();
  }

  static void probes(JsonNode container, String path, List<FieldError> errors) {
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      JsonNode probe = container.path(name);
      if (probe.isObject()) {
        probe(probe, path + "." + name, !name.equals("readinessProbe"), errors);
      }
    }
  }

  private static void probe(
      JsonNode probe, String path, boolean oneSuccess, List<FieldError> errors) {
    handler(probe, HANDLERS, path, errors);
    for (String count :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      if (probe.path(count).asLong(0) < 0) {
        errors.add(
            FieldError.invalid(
                path + "." + count,
                probe.path(count).asLong(0),
                "must be greater than or equal to 0"));
      }
    }
    if (oneSuccess && probe.path("successThreshold").asLong(1) != 1) {
      errors.add(
          FieldError.invalid(
              path + ".successThreshold", probe.path("successThreshold").asLong(1), "must be 1"));
    }
  }

  /// A probe or a hook does one thing.
  private static void handler(
      JsonNode holder, List<String> kinds, String path, List<FieldError> errors) {
    long handlers = kinds.stream().filter(kind -> holder.path(kind).isObject()).count();
    if (handlers == 0) {
      errors.add(FieldError.required(path, "must specify a handler type"));
    } else if (handlers > 1) {
      errors.add(FieldError.forbidden(path, "may not specify more than 1 handler type"));
    }
    for (String handler : List.of("httpGet", "tcpSocket")) {
      if (holder.path(handler).isObject()) {
        probePort(holder.path(handler).path("port"), path + "." + handler + ".port", errors);
      }
    }
    if (holder.path("exec").isObject() && holder.path("exec").path("command").isEmpty()) {
      errors.add(FieldError.required(path + ".exec.command", ""));
    }
  }

  /// A hook before the end may not sleep longer than the end may take.
  static void hooks(JsonNode container, long grace, String path, List<FieldError> errors) {
    for (String name : List.of("postStart", "preStop")) {
      JsonNode hook = container.path("lifecycle").path(name);
      if (!hook.isObject()) {
        continue;
      }
      String at = path + ".lifecycle." + name;
      handler(hook, HOOKS, at, errors);
      JsonNode seconds = hook.path("sleep").path("seconds");
      boolean bad = seconds.asLong(0) < 0 || seconds.asLong(0) > grace;
      if (hook.path("sleep").isObject() && bad) {
        errors.add(
            FieldError.invalid(
                at + ".sleep.seconds",
                seconds.asLong(0),
                "must be greater than or equal to 0 and less than or equal to terminationGracePeriodSeconds (%d)"
                    .formatted(grace)));
      }
    }
  }

  private static void probePort(JsonNode port, String path, List<FieldError> errors) {
    if (port.isMissingNode() || port.isNull()) {
      errors.add(FieldError.required(path, ""));
    } else if (port.isString() && !isPortName(port.stringValue())) {
      errors.add(
          FieldError.invalid(
              path, port.stringValue(), "must be a port number or the name of a port"));
    } else {
      portNumber(port, path, errors);
    }
  }
}
