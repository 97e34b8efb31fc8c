package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the rows say of the kinds that are not this Berth's own work.
class KindRowsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:30:00Z");

  private static KindSchema schema(ObjectNode object) {
    return Schemas.of(GroupVersionKind.of(object)).orElseThrow();
  }

  private static ObjectNode defaulted(String yaml) {
    ObjectNode object = Samples.yaml(yaml);
    schema(object).applyDefaults(object);
    return object;
  }

  private static List<String> errors(String yaml) {
    ObjectNode object = defaulted(yaml);
    return schema(object).validate(object).stream().map(FieldError::toString).toList();
  }

  private static String row(ObjectNode object) {
    return schema(object).columns().stream()
        .map(column -> String.valueOf(column.cell(object, NOW)))
        .collect(Collectors.joining(" | "));
  }

  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: j, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec:
        template:
          spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
      """;

  @Test
  void aJobRunsOnePodOnceByDefault() {
    JsonNode spec = defaulted(JOB).path("spec");
    assertEquals(1, spec.path("completions").asInt());
    assertEquals(1, spec.path("parallelism").asInt());
    assertEquals(6, spec.path("backoffLimit").asInt());
    assertEquals("NonIndexed", Json.text(spec, "completionMode"));
    assertEquals("ClusterFirst", Json.text(spec, "template", "spec", "dnsPolicy"));
    assertEquals(List.of(), errors(JOB));
  }

  @Test
  void aJobWhosePodsAlwaysRestartIsRefused() {
    assertEquals(
        List.of(
            "spec.template.spec.restartPolicy: Unsupported value: \"Always\": supported values: \"Never\", \"OnFailure\""),
        errors(JOB.replace("restartPolicy: Never, ", "")));
  }

  @Test
  void aJobsTemplateNeverChanges() {
    ObjectNode old = defaulted(JOB);
    ObjectNode changed = old.deepCopy();
    Json.ensure(changed, "spec", "template", "metadata", "labels").put("a", "b");
    assertEquals(
        List.of("spec.template"),
        schema(old).validateUpdate(old, changed).stream().map(FieldError::field).toList());
  }

  @Test
  void aJobsRowSaysHowFarItIs() {
    ObjectNode job = defaulted(JOB);
    job.set(
        "status",
        Samples.yaml(
            "{succeeded: 1, startTime: \"2026-01-01T00:00:10Z\", completionTime: \"2026-01-01T00:00:40Z\","
                + " conditions: [{type: Complete, status: \"True\"}]}"));
    assertEquals("j | Complete | 1/1 | 30s | 90m | c | i | <none>", row(job));
  }

  @Test
  void rolesHaveNamesThatArePathSegments() {
    String role =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "system:Discovery"}
        rules: [{verbs: [get], nonResourceURLs: [/healthz]}]
        """;
    assertEquals(List.of(), errors(role));
    assertEquals(
        List.of(
            "metadata.name: Invalid value: \"a/b\": may not be '.' or '..' or contain '/' or '%'"),
        errors(role.replace("system:Discovery", "a/b")));
  }

  @Test
  void aRuleNeedsVerbsGroupsAndResources() {
    assertEquals(
        List.of(
            "rules[0].verbs: Required value: verbs must contain at least one value",
            "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
            "rules[0].resources: Required value: resource rules must supply at least one resource"),
        errors(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: r, namespace: shop}
            rules: [{}]
            """));
  }

  /// What acts on a selector would else fail over it again and again.
  @Test
  void aSelectorThatSelectsNothingSensibleIsRefusedInEveryKind() {
    String wrong = "{matchExpressions: [{key: a, operator: Near}]}";
    String says = "\"Near\" is not a valid label selector operator";
    for (String object :
        List.of(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r},"
                + " aggregationRule: {clusterRoleSelectors: [%s]}}",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: d},"
                + " spec: {minAvailable: 1, selector: %s}}")) {
      List<String> errors = errors(object.formatted(wrong));
      assertEquals(1, errors.size(), errors::toString);
      assertTrue(errors.getFirst().endsWith(says), errors::toString);
    }
  }

  private static final String BINDING =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: b, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
      roleRef: {kind: ClusterRole, name: view}
      subjects: [{kind: User, name: jane}, {kind: ServiceAccount, name: s, namespace: shop}]
      """;

  @Test
  void aBindingGetsItsGroupsAndNeverAnotherRole() {
    ObjectNode binding = defaulted(BINDING);
    assertEquals("rbac.authorization.k8s.io", Json.text(binding, "roleRef", "apiGroup"));
    assertFalse(binding.path("subjects").path(1).has("apiGroup"));
    ObjectNode changed = binding.deepCopy();
    Json.ensure(changed, "roleRef").put("name", "admin");
    assertEquals("roleRef", schema(binding).validateUpdate(binding, changed).getFirst().field());
    assertEquals("b | ClusterRole/view | 90m | jane |  | shop/s", row(binding));
  }

  @Test
  void aDefinitionIsNamedAfterItsPluralAndGroupAndHasOneStorageVersion() {
    String definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.shop.example}
        spec:
          group: shop.example
          scope: Namespaced
          names: {plural: widgets, kind: Widget}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
        """;
    assertEquals(List.of(), errors(definition));
    assertEquals("WidgetList", Json.text(defaulted(definition), "spec", "names", "listKind"));
    assertTrue(
        errors(definition.replace("storage: true", "storage: false"))
            .getFirst()
            .endsWith("must have exactly one version marked as storage version"));
    assertTrue(
        errors(definition.replace("name: widgets.", "name: w."))
            .getFirst()
            .endsWith("must be spec.names.plural+\".\"+spec.group"));
  }

  @Test
  void aBudgetSaysWhatMustStayOrWhatMayGo() {
    String budget =
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: b, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {minAvailable: 50%, selector: {matchLabels: {a: b}}}
        """;
    assertEquals(List.of(), errors(budget));
    assertEquals("b | 50% | N/A | 0 | 90m", row(defaulted(budget)));
    assertEquals(1, errors(budget.replace("50%", "half")).size());
    assertTrue(Kinds.awaitsReconciler(Kinds.POD_DISRUPTION_BUDGET).isEmpty());
    assertTrue(Kinds.awaitsReconciler(Kinds.NETWORK_POLICY).isPresent());
  }

  @Test
  void whoWritesEndpointsIsToldThatNoTrafficGoesThere() {
    assertTrue(Kinds.awaitsReconciler(Kinds.ENDPOINTS).orElse("").contains("EndpointSlice"));
  }

  @Test
  void discoveryNamesTheApprovalOfCertificateRequests() {
    String resources = Json.string(Discovery.resources("certificates.k8s.io/v1"));
    assertTrue(resources.contains("certificatesigningrequests/status"), resources);
    assertTrue(resources.contains("approval"), resources);
  }

  @Test
  void aServiceForOthersSaysHowTheyReachIt() {
    JsonNode spec =
        defaulted(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: s, namespace: shop}
                spec: {type: LoadBalancer, sessionAffinity: ClientIP, ports: [{port: 80}]}
                """)
            .path("spec");
    assertEquals("Cluster", Json.text(spec, "externalTrafficPolicy"));
    assertTrue(spec.path("allocateLoadBalancerNodePorts").asBoolean(false));
    assertEquals(
        10_800, Json.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds").asInt(0));
  }

  @Test
  void aReviewIsOnlyCreatedAndNeedsNoName() {
    assertFalse(Kinds.SELF_SUBJECT_ACCESS_REVIEW.stored());
    assertEquals(
        List.of(),
        errors(
            """
            apiVersion: authorization.k8s.io/v1
            kind: SelfSubjectAccessReview
            spec: {resourceAttributes: {verb: get, resource: pods}}
            """));
    for (JsonNode resource : Discovery.resources("authorization.k8s.io/v1").path("resources")) {
      assertEquals("[\"create\"]", Json.string(resource.path("verbs")));
    }
  }

  @Test
  void evictionAndTokensAreAnsweredWithTheirOwnKinds() {
    String resources = Json.string(Discovery.resources("v1"));
    assertTrue(
        resources.contains(
            "{\"name\":\"pods/eviction\",\"singularName\":\"\",\"namespaced\":true,\"group\":\"policy\",\"version\":\"v1\",\"kind\":\"Eviction\""));
    assertTrue(
        resources.contains("\"version\":\"v1\",\"kind\":\"TokenRequest\",\"verbs\":[\"create\"]"));
  }

  @Test
  void everyReferenceInADocumentResolves() {
    for (String groupVersion : Discovery.groupVersions()) {
      JsonNode document = OpenApi.document(groupVersion);
      for (JsonNode ref : document.findValues("$ref")) {
        String name = ref.asString("").substring("#/components/schemas/".length());
        assertTrue(
            Json.at(document, "components", "schemas", name).isObject(),
            () -> groupVersion + ": " + ref);
      }
    }
  }

  @Test
  void aKindOfACustomResourceIsServedBesideTheOthers() {
    ResourceType widget =
        new ResourceType(
            new GroupVersionKind("shop.example", "v1", "Widget"),
            "widgets",
            "widget",
            true,
            List.of(),
            List.of(),
            java.util.Set.of());
    KindSchema custom =
        KindSchema.custom(
            widget,
            Shape.of("example.shop.v1.Widget").open().done(),
            object -> object.put("size", 1),
            (_, errors) -> errors.add(FieldError.required("spec", "")),
            List.of(Cells.name()));
    List<KindSchema> kinds = new java.util.ArrayList<>(Schemas.all());
    kinds.add(custom);
    assertTrue(Json.at(OpenApi.index(kinds), "paths").has("apis/shop.example/v1"));
    assertFalse(Json.string(OpenApi.document("shop.example/v1", kinds)).contains("strategic"));
  }
}
