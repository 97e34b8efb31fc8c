package dev.berth.api.schema;

import dev.berth.api.Durations;
import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import dev.berth.api.Names;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What ModelApp and ImageBuild demand across fields.
final class OwnRules {
  private static final Duration LONGEST = Duration.ofHours(1);

  private OwnRules() {}

  static void modelApp(JsonNode object, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    component(spec.path("model"), "model", errors);
    component(spec.path("app"), "app", errors);
    endpoint(spec.path("endpoint"), Json.name(object), errors);
    boolean hasApp = spec.path("app").isObject();
    for (String component : List.of("model", "app")) {
      scale(spec.path("scale").path(component), "spec.scale." + component, errors);
    }
    if (spec.path("scale").path("app").isObject() && !hasApp) {
      errors.add(FieldError.forbidden("spec.scale.app", "there is no spec.app to scale"));
    }
    if (spec.path("ingress").isObject()) {
      ingress(spec.path("ingress"), hasApp, errors);
    }
  }

  private static void component(JsonNode component, String name, List<FieldError> errors) {
    if (!component.isObject()) {
      return;
    }
    String path = "spec." + name;
    image(component, path, errors);
    duration(
        component.path("health").path("startupTimeout"), path + ".health.startupTimeout", errors);
    ContainerRules.env(component.path("env"), path + ".env", errors);
    ContainerRules.resources(component.path("resources"), path + ".resources", errors);
    ContainerRules.otherResources(component.path("resources"), path + ".resources")
        .forEach(
            field ->
                errors.add(
                    FieldError.forbidden(
                        field,
                        "only cpu, memory and limits.ephemeral-storage are honoured yet: remove it")));
    buildArgs(component.path("build").path("args"), path + ".build.args", errors);
    podTemplate(component.path("podTemplate"), name, path + ".podTemplate", errors);
  }

  private static void image(JsonNode component, String path, List<FieldError> errors) {
    boolean hasImage = !Json.text(component, "image").isEmpty();
    boolean hasBuild = component.path("build").isObject();
    if (hasImage == hasBuild) {
      String found = hasImage ? "both are there" : "neither is there";
      errors.add(
          new FieldError(
              path,
              hasImage ? FieldError.FORBIDDEN : FieldError.REQUIRED,
              "exactly one of image and build must be set: " + found));
    }
    if (hasImage) {
      imageSyntax(Json.text(component, "image"), path + ".image", errors);
    }
  }

  private static void imageSyntax(String image, String path, List<FieldError> errors) {
    try {
      ImageRef.parse(image);
    } catch (IllegalArgumentException e) {
      errors.add(FieldError.invalid(path, image, String.valueOf(e.getMessage())));
    }
  }

  private static void buildArgs(JsonNode args, String path, List<FieldError> errors) {
    for (String name : args.propertyNames()) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        errors.add(
            FieldError.invalid(path, name, "must be a letter or _, then letters, digits and _"));
      }
    }
  }

  private static void podTemplate(
      JsonNode template, String name, String path, List<FieldError> errors) {
    JsonNode containers = template.path("containers");
    for (int i = 0; i < containers.size(); i++) {
      String found = Json.text(containers.path(i), "name");
      String at = path + ".containers[" + i + "]";
      if (!found.equals(name)) {
        errors.add(
            FieldError.invalid(
                at + ".name", found, "the container here is named \"" + name + "\""));
      }
      ContainerRules.probes(containers.path(i), at, errors);
      // The agent pulls what is not there, whatever else it is told.
      ContainerRules.supported(
          containers.path(i), "imagePullPolicy", Set.of("Always", "IfNotPresent"), at, errors);
      errors.addAll(
          Honoured.refusedIn(containers.path(i).path("securityContext"), at + ".securityContext"));
    }
    if (containers.size() > 1) {
      errors.add(
          FieldError.forbidden(
              path + ".containers", "there is one container, named \"" + name + "\""));
    }
    PodRules.atLeastZero(template, "terminationGracePeriodSeconds", path, errors);
    PodRules.tolerations(template.path("tolerations"), path + ".tolerations", errors);
    MetadataRules.labels(template.path("nodeSelector"), path + ".nodeSelector", errors);
  }

  private static void endpoint(JsonNode endpoint, String objectName, List<FieldError> errors) {
    String name = Json.optional(endpoint, "name").orElse("model");
    if (name.equals("app")) {
      errors.add(
          FieldError.invalid("spec.endpoint.name", name, "is the name of the app's own Service"));
    }
    int length = objectName.length() + 1 + name.length();
    if (length > 63) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              objectName,
              "with \"-"
                  + name
                  + "\" it names a Service and may have "
                  + (62 - name.length())
                  + " characters"));
    }
    if (Json.text(endpoint, "protocol").equals("open-inference")
        && Json.text(endpoint, "modelName").contains("/")) {
      errors.add(
          FieldError.invalid(
              "spec.endpoint.modelName",
              Json.text(endpoint, "modelName"),
              "must not have a slash with protocol open-inference"));
    }
    duration(endpoint.path("timeouts").path("request"), "spec.endpoint.timeouts.request", errors);
  }

  private static void duration(JsonNode node, String path, List<FieldError> errors) {
    Optional<Duration> value =
        node.isString() ? Durations.tryParse(node.stringValue()) : Optional.empty();
    if (value.isPresent() && (value.get().isZero() || value.get().compareTo(LONGEST) > 0)) {
      errors.add(
          FieldError.invalid(path, node.stringValue(), "must be more than 0 and at most 1h"));
    }
  }

  private static void scale(JsonNode range, String path, List<FieldError> errors) {
    JsonNode min = range.path("min");
    JsonNode max = range.path("max");
    if (!min.isInt() || !max.isInt() || min.intValue() == max.intValue()) {
      return;
    }
    String message =
        min.intValue() > max.intValue()
            ? min.intValue() + " is above max " + max.intValue()
            : min.intValue()
                + " is below max "
                + max.intValue()
                + ": both must be equal until scaling by demand exists";
    errors.add(new FieldError(path + ".min", FieldError.INVALID, message));
  }

  private static void ingress(JsonNode ingress, boolean hasApp, List<FieldError> errors) {
    if (!hasApp) {
      errors.add(
          FieldError.forbidden("spec.ingress", "it leads to the app, and there is no spec.app"));
    }
    String host = Json.text(ingress, "host");
    if (ingress.path("host").isString() && !Names.isDnsSubdomain(host)) {
      errors.add(FieldError.invalid("spec.ingress.host", host, MetadataRules.SUBDOMAIN_RULE));
    }
  }

  static void imageBuild(JsonNode object, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    String repository = Json.text(spec, "repository");
    boolean plain =
        ImageRef.tryParse(repository)
            .filter(ref -> ref.host().isEmpty() && ref.tag().isEmpty() && ref.digest().isEmpty())
            .isPresent();
    if (!repository.isEmpty() && !plain) {
      errors.add(
          FieldError.invalid(
              "spec.repository",
              repository,
              "must be a repository of this cluster: NAMESPACE/NAME, without host, tag and digest"));
    }
    buildArgs(spec.path("args"), "spec.args", errors);
  }

  static void imageBuildUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    ObjectNode before =
        old.path("spec") instanceof ObjectNode spec ? spec.deepCopy() : Json.object();
    ObjectNode after =
        changed.path("spec") instanceof ObjectNode spec ? spec.deepCopy() : Json.object();
    String node = Json.text(before, "nodeName");
    if (!node.isEmpty() && !Json.text(after, "nodeName").equals(node)) {
      errors.add(FieldError.forbidden("spec.nodeName", "is set once"));
    }
    before.remove("nodeName");
    after.remove("nodeName");
    if (!before.equals(after)) {
      errors.add(
          FieldError.forbidden(
              "spec", "is immutable: another context or script is another ImageBuild"));
    }
  }
}
