package dev.berth.controller.auth;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The roles and bindings that every cluster has, with the names and meanings that charts and
/// people expect (Kubernetes: "Using RBAC Authorization", default roles). What somebody took away
/// from one comes back at the next start, unless its annotation
/// `rbac.authorization.kubernetes.io/autoupdate` is `false`.
public final class BootstrapPolicy {
  private static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";
  private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
  private static final String API_GROUP = "rbac.authorization.k8s.io";
  private static final String READ = "get list watch";
  private static final String WRITE = "create delete deletecollection patch update";

  private static final String CORE_READ =
      "bindings configmaps endpoints events limitranges namespaces/status persistentvolumeclaims"
          + " persistentvolumeclaims/status pods pods/log pods/status replicationcontrollers"
          + " replicationcontrollers/scale replicationcontrollers/status resourcequotas"
          + " resourcequotas/status serviceaccounts services services/status";
  private static final String CORE_WRITE =
      "configmaps endpoints events persistentvolumeclaims pods replicationcontrollers"
          + " replicationcontrollers/scale secrets serviceaccounts services services/proxy";
  private static final String APPS =
      "daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets"
          + " statefulsets/scale";
  private static final String STREAMS = "pods/attach pods/exec pods/portforward pods/proxy";

  private BootstrapPolicy() {}

  private record Wanted(ResourceType type, ObjectNode object) {}

  /// Creates what is missing and gives back what was taken.
  public static void ensure(Resources resources) {
    for (Wanted wanted : all()) {
      try {
        ensure(resources, wanted.type(), wanted.object());
      } catch (ApiException e) {
        if (!e.isAlreadyExists() && !e.isNotFound()) {
          throw e;
        }
      }
    }
  }

  private static void ensure(Resources resources, ResourceType type, ObjectNode wanted) {
    ObjectKey key = ObjectKey.of(wanted);
    Optional<ObjectNode> found = resources.find(type, key).map(Item::tree);
    if (found.isEmpty()) {
      resources.create(type, "", wanted, WriteOptions.DEFAULT);
    } else if (!completed(type, found.get(), wanted).equals(found.get())) {
      resources.patch(
          type, key, Subresource.NONE, WriteOptions.DEFAULT, now -> completed(type, now, wanted));
    }
  }

  /// `found` with what it lacks of `wanted`.
  static ObjectNode completed(ResourceType type, ObjectNode found, ObjectNode wanted) {
    ObjectNode next = Json.deepCopy(found);
    if (Json.annotation(found, AUTOUPDATE).orElse("").equals("false")) {
      return next;
    }
    if (type.equals(Kinds.CLUSTER_ROLE_BINDING)) {
      addMissing(next, "subjects", wanted.path("subjects"));
    } else if (wanted.has("aggregationRule")) {
      next.set("aggregationRule", wanted.path("aggregationRule"));
    } else {
      List<Rule> held = Rule.listOf(found.path("rules"));
      for (JsonNode rule : wanted.path("rules")) {
        if (!Rule.beyond(held, List.of(Rule.of(rule))).isEmpty()) {
          array(next, "rules").add(rule);
        }
      }
    }
    return next;
  }

  private static void addMissing(ObjectNode object, String field, JsonNode wanted) {
    Set<JsonNode> present = new LinkedHashSet<>();
    object.path(field).forEach(present::add);
    for (JsonNode each : wanted) {
      if (!present.contains(each)) {
        array(object, field).add(each);
      }
    }
  }

  private static ArrayNode array(ObjectNode object, String field) {
    return object.get(field) instanceof ArrayNode array ? array : object.putArray(field);
  }

  private static List<Wanted> all() {
    List<Wanted> all = new ArrayList<>();
    all.add(role("cluster-admin", rule("*", "*", "*"), paths("*", "*")));
    all.add(aggregated("admin", "admin"));
    all.add(aggregated("edit", "edit"));
    all.add(aggregated("view", "view"));
    // What edit has, admin has, and what view has, both have, by their labels.
    all.add(labelled("system:aggregate-to-admin", "admin", adminRules()));
    all.add(labelled("system:aggregate-to-edit", "edit", editRules()));
    all.add(labelled("system:aggregate-to-view", "view", viewRules()));
    all.addAll(ofEverybody());
    all.addAll(ofParts());
    return all;
  }

  private static ObjectNode[] viewRules() {
    return new ObjectNode[] {
      rule(READ, "", CORE_READ + " namespaces"),
      rule(
          READ,
          "apps",
          APPS
              + " controllerrevisions daemonsets/status deployments/status replicasets/status"
              + " statefulsets/status"),
      rule(READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
      rule(READ, "batch", "cronjobs cronjobs/status jobs jobs/status"),
      rule(READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
      rule(READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
      rule(READ, "discovery.k8s.io", "endpointslices"),
      rule(READ, "metrics.k8s.io", "pods nodes"),
      rule(
          READ,
          Kinds.BERTH_GROUP,
          "modelapps modelapps/status imagebuilds imagebuilds/status imagebuilds/log"
              + " gitrepositories gitrepositories/status")
    };
  }

  private static ObjectNode[] editRules() {
    return new ObjectNode[] {
      rule(READ, "", "secrets services/proxy " + STREAMS),
      rule("impersonate", "", "serviceaccounts"),
      rule(WRITE, "", CORE_WRITE + " " + STREAMS),
      rule("create", "", "pods/eviction serviceaccounts/token"),
      rule(WRITE, "apps", APPS + " deployments/rollback"),
      rule(WRITE, "autoscaling", "horizontalpodautoscalers"),
      rule(WRITE, "batch", "cronjobs jobs"),
      rule(WRITE, "policy", "poddisruptionbudgets"),
      rule(WRITE, "networking.k8s.io", "ingresses networkpolicies"),
      rule(READ + " " + WRITE, "coordination.k8s.io", "leases"),
      rule(WRITE, Kinds.BERTH_GROUP, "modelapps imagebuilds"),
      rule("create get", Kinds.BERTH_GROUP, "modelapps/call")
    };
  }

  private static ObjectNode[] adminRules() {
    return new ObjectNode[] {
      rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
      rule(READ + " " + WRITE, API_GROUP, "roles rolebindings"),
      // Not in edit: a repository writes what its author might not.
      rule(WRITE, Kinds.BERTH_GROUP, "gitrepositories")
    };
  }

  private static List<Wanted> ofEverybody() {
    return List.of(
        role(
            "system:discovery",
            paths(
                "get",
                "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version"
                    + " /version/")),
        role(
            "system:basic-user",
            rule(
                "create",
                "authorization.k8s.io",
                "selfsubjectaccessreviews selfsubjectrulesreviews"),
            rule("create", "authentication.k8s.io", "selfsubjectreviews")),
        role(
            "system:public-info-viewer",
            paths("get", "/healthz /livez /readyz /version /version/")),
        role(
            "system:service-account-issuer-discovery",
            paths(
                "get",
                "/.well-known/openid-configuration /.well-known/openid-configuration/"
                    + " /openid/v1/jwks /openid/v1/jwks/")),
        binding("cluster-admin", Identity.MASTERS),
        binding("system:discovery", Identity.AUTHENTICATED),
        binding("system:basic-user", Identity.AUTHENTICATED),
        binding("system:public-info-viewer", Identity.AUTHENTICATED, Identity.UNAUTHENTICATED),
        binding("system:service-account-issuer-discovery", "system:serviceaccounts"));
  }

  private static List<Wanted> ofParts() {
    return List.of(
        role(
            "system:auth-delegator",
            rule("create", "authentication.k8s.io", "tokenreviews"),
            rule("create", "authorization.k8s.io", "subjectaccessreviews")),
        role(
            "system:monitoring",
            paths("get", "/healthz /healthz/* /livez /livez/* /metrics /readyz /readyz/*")),
        binding("system:monitoring", "system:monitoring"),
        role("system:aggregated-metrics-reader", rule(READ, "metrics.k8s.io", "pods nodes")));
  }

  private static Wanted role(String name, ObjectNode... rules) {
    ObjectNode role = object(Kinds.CLUSTER_ROLE, name);
    ArrayNode list = role.putArray("rules");
    for (ObjectNode rule : rules) {
      list.add(rule);
    }
    return new Wanted(Kinds.CLUSTER_ROLE, role);
  }

  private static Wanted labelled(String name, String aggregate, ObjectNode... rules) {
    Wanted role = role(name, rules);
    Json.meta(role.object()).withObject("labels").put(AGGREGATE + aggregate, "true");
    return role;
  }

  /// A role whose rules are those of all roles that carry the label.
  private static Wanted aggregated(String name, String label) {
    ObjectNode role = object(Kinds.CLUSTER_ROLE, name);
    role.putObject("aggregationRule")
        .putArray("clusterRoleSelectors")
        .addObject()
        .putObject("matchLabels")
        .put(AGGREGATE + label, "true");
    String above = label.equals("view") ? "edit" : label.equals("edit") ? "admin" : "";
    if (!above.isEmpty()) {
      Json.meta(role).withObject("labels").put(AGGREGATE + above, "true");
    }
    return new Wanted(Kinds.CLUSTER_ROLE, role);
  }

  private static Wanted binding(String role, String... groups) {
    ObjectNode binding = object(Kinds.CLUSTER_ROLE_BINDING, role);
    binding
        .putObject("roleRef")
        .put("apiGroup", API_GROUP)
        .put("kind", "ClusterRole")
        .put("name", role);
    ArrayNode subjects = binding.putArray("subjects");
    for (String group : groups) {
      subjects.addObject().put("apiGroup", API_GROUP).put("kind", "Group").put("name", group);
    }
    return new Wanted(Kinds.CLUSTER_ROLE_BINDING, binding);
  }

  private static ObjectNode object(ResourceType type, String name) {
    ObjectNode object =
        Json.object().put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    ObjectNode meta = Json.meta(object).put("name", name);
    meta.putObject("annotations").put(AUTOUPDATE, "true");
    meta.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    return object;
  }

  private static ObjectNode rule(String verbs, String groups, String resources) {
    ObjectNode rule = Json.object();
    words(rule, "verbs", verbs);
    words(rule, "apiGroups", groups);
    words(rule, "resources", resources);
    return rule;
  }

  private static ObjectNode paths(String verbs, String paths) {
    ObjectNode rule = Json.object();
    words(rule, "verbs", verbs);
    words(rule, "nonResourceURLs", paths);
    return rule;
  }

  private static void words(ObjectNode rule, String field, String words) {
    ArrayNode list = rule.putArray(field);
    for (String word : words.split(" ", -1)) {
      list.add(word);
    }
  }
}
