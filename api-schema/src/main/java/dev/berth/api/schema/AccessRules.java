package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules and defaults of roles and their bindings (rbac.authorization.k8s.io).
final class AccessRules {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Set<String> SUBJECTS = Set.of("User", "Group", "ServiceAccount");

  private AccessRules() {}

  static void role(JsonNode role, List<FieldError> errors) {
    rules(role, true, errors);
  }

  static void clusterRole(JsonNode role, List<FieldError> errors) {
    rules(role, false, errors);
    JsonNode parts = Json.at(role, "aggregationRule", "clusterRoleSelectors");
    for (int i = 0; i < parts.size(); i++) {
      MetadataRules.selector(
          parts.path(i), "aggregationRule.clusterRoleSelectors[" + i + "]", errors);
    }
  }

  private static void rules(JsonNode role, boolean namespaced, List<FieldError> errors) {
    JsonNode rules = role.path("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.path(i), "rules[" + i + "]", namespaced, errors);
    }
  }

  private static void rule(
      JsonNode rule, String path, boolean namespaced, List<FieldError> errors) {
    if (rule.path("verbs").isEmpty()) {
      errors.add(FieldError.required(path + ".verbs", "verbs must contain at least one value"));
    }
    boolean resources =
        !rule.path("apiGroups").isEmpty()
            || !rule.path("resources").isEmpty()
            || !rule.path("resourceNames").isEmpty();
    JsonNode urls = rule.path("nonResourceURLs");
    if (!urls.isEmpty()) {
      url(urls, path + ".nonResourceURLs", namespaced, resources, errors);
    } else {
      if (rule.path("apiGroups").isEmpty()) {
        errors.add(
            FieldError.required(
                path + ".apiGroups", "resource rules must supply at least one api group"));
      }
      if (rule.path("resources").isEmpty()) {
        errors.add(
            FieldError.required(
                path + ".resources", "resource rules must supply at least one resource"));
      }
    }
  }

  private static void url(
      JsonNode urls, String path, boolean namespaced, boolean resources, List<FieldError> errors) {
    if (namespaced) {
      errors.add(
          FieldError.invalid(path, urls, "namespaced rules cannot apply to non-resource URLs"));
    } else if (resources) {
      errors.add(
          FieldError.invalid(
              path, urls, "rules cannot apply to both regular resources and non-resource URLs"));
    }
  }

  static void bindingDefaults(ObjectNode binding) {
    if (binding.get("roleRef") instanceof ObjectNode role) {
      put(role, "apiGroup", GROUP);
    }
    for (ObjectNode subject : objects(binding.path("subjects"))) {
      if (Set.of("User", "Group").contains(Json.text(subject, "kind"))) {
        put(subject, "apiGroup", GROUP);
      }
    }
  }

  static void roleBinding(JsonNode binding, List<FieldError> errors) {
    binding(binding, Set.of("Role", "ClusterRole"), false, errors);
  }

  static void clusterRoleBinding(JsonNode binding, List<FieldError> errors) {
    binding(binding, Set.of("ClusterRole"), true, errors);
  }

  private static void binding(
      JsonNode binding, Set<String> roles, boolean needsNamespace, List<FieldError> errors) {
    JsonNode role = binding.path("roleRef");
    ContainerRules.supported(role, "apiGroup", Set.of(GROUP), "roleRef", errors);
    if (Json.text(role, "kind").isEmpty()) {
      errors.add(FieldError.required("roleRef.kind", ""));
    }
    ContainerRules.supported(role, "kind", roles, "roleRef", errors);
    if (Json.text(role, "name").isEmpty()) {
      errors.add(FieldError.required("roleRef.name", ""));
    }
    JsonNode subjects = binding.path("subjects");
    for (int i = 0; i < subjects.size(); i++) {
      subject(subjects.path(i), "subjects[" + i + "]", needsNamespace, errors);
    }
  }

  private static void subject(
      JsonNode subject, String path, boolean needsNamespace, List<FieldError> errors) {
    if (Json.text(subject, "name").isEmpty()) {
      errors.add(FieldError.required(path + ".name", ""));
    }
    if (Json.text(subject, "kind").isEmpty()) {
      errors.add(FieldError.required(path + ".kind", ""));
    }
    ContainerRules.supported(subject, "kind", SUBJECTS, path, errors);
    boolean account = Json.text(subject, "kind").equals("ServiceAccount");
    if (account && needsNamespace && Json.text(subject, "namespace").isEmpty()) {
      errors.add(FieldError.required(path + ".namespace", ""));
    }
  }

  static void bindingUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!old.path("roleRef").equals(changed.path("roleRef"))) {
      errors.add(FieldError.invalid("roleRef", changed.path("roleRef"), "cannot change roleRef"));
    }
  }
}
