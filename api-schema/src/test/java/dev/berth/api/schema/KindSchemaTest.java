package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class KindSchemaTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:30:00Z");

  private static KindSchema schema(JsonNode object) {
    return Schemas.of(GroupVersionKind.of(object)).orElseThrow();
  }

  private static ObjectNode defaulted(ObjectNode object) {
    schema(object).applyDefaults(object);
    return object;
  }

  /// What is said about a valid object after one change.
  private static String errors(ObjectNode object, Consumer<ObjectNode> change) {
    defaulted(object);
    change.accept(object);
    return schema(object).validate(object).stream()
        .map(FieldError::toString)
        .collect(Collectors.joining("\n"));
  }

  private static ObjectNode container(ObjectNode pod) {
    return (ObjectNode) Json.at(pod, "spec", "containers").path(0);
  }

  private static String row(ObjectNode object) {
    return schema(object).columns().stream()
        .map(column -> String.valueOf(column.cell(object, NOW)))
        .collect(Collectors.joining(" | "));
  }

  private static String header(ResourceType type) {
    return Schemas.of(type).columns().stream()
        .map(column -> column.name() + (column.priority() == 0 ? "" : "*"))
        .collect(Collectors.joining(" | "));
  }

  @Test
  void everyServedKindHasASchemaWithItsTopFields() {
    for (ResourceType type : Kinds.all()) {
      ObjectNode object = Json.object();
      object
          .put("apiVersion", type.gvk().apiVersion())
          .put("kind", type.kind())
          .putObject("metadata")
          .put("name", "a");
      assertEquals(List.of(), Schemas.of(type).unknownFields(object), type.kind());
      assertTrue(Schemas.of(type).root().fields().containsKey("metadata"), type.kind());
      assertEquals(
          "Name",
          Schemas.of(type).columns().getFirst().name().equals("Name")
              ? "Name"
              : type.kind().equals("Event") ? "Name" : type.kind());
    }
  }

  @Test
  void podIsDefaultedAsKubernetesDoes() {
    assertEquals(
        Json.pretty(
            Samples.yaml(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  containers:
                  - name: web
                    image: nginx:1.27
                    ports: [{containerPort: 80, protocol: TCP}]
                    resources: {limits: {memory: 128Mi}, requests: {memory: 128Mi}}
                    readinessProbe:
                      httpGet: {port: 80, path: /, scheme: HTTP}
                      timeoutSeconds: 1
                      periodSeconds: 10
                      successThreshold: 1
                      failureThreshold: 3
                    terminationMessagePath: /dev/termination-log
                    terminationMessagePolicy: File
                    imagePullPolicy: IfNotPresent
                  restartPolicy: Always
                  dnsPolicy: ClusterFirst
                  schedulerName: default-scheduler
                  terminationGracePeriodSeconds: 30
                  securityContext: {}
                """)),
        Json.pretty(defaulted(Samples.pod())));
  }

  @Test
  void defaultsAreStable() {
    for (ObjectNode object :
        List.of(Samples.pod(), Samples.deployment(), Samples.service(), Samples.modelApp())) {
      ObjectNode once = defaulted(object);
      assertEquals(once, defaulted(once.deepCopy()), "defaults applied twice change nothing");
      assertEquals(List.of(), schema(once).validate(once));
    }
  }

  @Test
  void workloadsAndServicesAreDefaulted() {
    ObjectNode deployment = defaulted(Samples.deployment());
    assertEquals(
        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}",
        Json.string(Json.at(deployment, "spec", "strategy")));
    assertEquals(
        "Always",
        Json.text(
            container((ObjectNode) Json.at(deployment, "spec", "template")), "imagePullPolicy"));
    ObjectNode service = defaulted(Samples.service());
    assertEquals(
        "[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80}]",
        Json.string(Json.at(service, "spec", "ports")));
  }

  @Test
  void plainTextOfASecretBecomesItsData() {
    ObjectNode secret =
        defaulted(
            Samples.yaml(
                "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: hello}}"));
    assertEquals("aGVsbG8=", Json.text(secret, "data", "k"));
    assertEquals("Opaque", Json.text(secret, "type"));
    assertTrue(secret.path("stringData").isMissingNode());
  }

  @Test
  void ownKindsStayAsTheUserWroteThem() {
    assertEquals(Samples.modelApp(), defaulted(Samples.modelApp()));
  }

  @Test
  void errorsAreKubernetesWords() {
    assertEquals(
        """
        spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive
        spec.containers[0].resources.requests[memory]: Invalid value: "1Gi": must be less than or equal to memory limit of 128Mi
        spec.containers[0].readinessProbe: Required value: must specify a handler type
        spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure\"""",
        errors(
            Samples.pod(),
            pod -> {
              ((ObjectNode) container(pod).path("ports").path(0)).put("containerPort", 99999);
              Json.ensure(container(pod), "resources", "requests").put("memory", "1Gi");
              container(pod).putObject("readinessProbe");
              Json.ensure(pod, "spec").put("restartPolicy", "Sometimes");
            }));
  }

  @Test
  void quantitiesNamesAndLabelsAreChecked() {
    assertTrue(
        errors(
                Samples.pod(),
                pod -> Json.ensure(container(pod), "resources", "limits").put("cpu", "NaN"))
            .startsWith(
                "spec.containers[0].resources.limits[cpu]: Invalid value: \"NaN\": quantities must match"));
    assertTrue(
        errors(Samples.pod(), pod -> Json.meta(pod).put("name", "Web_1"))
            .contains("RFC 1123 subdomain"));
    assertTrue(
        errors(Samples.service(), s -> Json.meta(s).put("name", "1web"))
            .contains("DNS-1035 label"));
    assertTrue(
        errors(Samples.pod(), pod -> Json.ensure(pod, "metadata", "labels").put("a b", "x"))
            .contains("name part must consist"));
    assertTrue(
        errors(Samples.pod(), pod -> Json.ensure(pod, "metadata", "labels").put("a", "-x"))
            .contains("a valid label must be"));
    assertEquals(
        "metadata.name: Required value: name or generateName is required",
        errors(Samples.pod(), pod -> Json.meta(pod).remove("name")));
  }

  @Test
  void selectorMustMatchTheTemplateAndNeverChanges() {
    assertTrue(
        errors(
                Samples.deployment(),
                d -> Json.ensure(d, "spec", "selector", "matchLabels").put("app", "other"))
            .contains("`selector` does not match template `labels`"));
    ObjectNode old = defaulted(Samples.deployment());
    ObjectNode changed = old.deepCopy();
    Json.ensure(changed, "spec", "selector", "matchLabels").put("app", "other");
    Json.ensure(changed, "spec", "template", "metadata", "labels").put("app", "other");
    assertEquals(
        "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"other\"}}: field is immutable",
        schema(old).validateUpdate(old, changed).stream()
            .map(FieldError::toString)
            .collect(Collectors.joining()));
  }

  @Test
  void podMayChangeItsImageAndBeBoundButNothingElse() {
    ObjectNode old = defaulted(Samples.pod());
    ObjectNode changed = old.deepCopy();
    container(changed).put("image", "nginx:2");
    Json.ensure(changed, "spec").put("nodeName", "n1");
    assertEquals(List.of(), schema(old).validateUpdate(old, changed));
    ObjectNode moved = changed.deepCopy();
    Json.ensure(moved, "spec").put("nodeName", "n2");
    container(moved).put("tty", true);
    assertEquals(2, schema(old).validateUpdate(changed, moved).size());
  }

  @Test
  void modelAppRulesCrossFields() {
    assertEquals("", errors(Samples.modelApp(), _ -> {}));
    assertEquals(
        """
        spec.model: exactly one of image and build must be set: both are there
        spec.endpoint.name: Invalid value: "app": is the name of the app's own Service
        spec.scale.app: Forbidden: there is no spec.app to scale
        spec.ingress: Forbidden: it leads to the app, and there is no spec.app""",
        errors(
            Samples.modelApp(),
            m -> {
              Json.ensure(m, "spec", "model", "build").put("context", "model");
              Json.ensure(m, "spec", "endpoint").put("name", "app");
              Json.ensure(m, "spec", "scale", "app").put("min", 1);
              Json.ensure(m, "spec").remove("app");
            }));
    assertEquals(
        "spec.scale.model.min: 5 is above max 3",
        errors(
            Samples.modelApp(),
            m -> Json.ensure(m, "spec", "scale", "model").put("min", 5).put("max", 3)));
    assertEquals(
        "spec.scale.model.min: 1 is below max 3: both must be equal until scaling by demand exists",
        errors(
            Samples.modelApp(),
            m -> Json.ensure(m, "spec", "scale", "model").put("min", 1).put("max", 3)));
    assertTrue(
        errors(
                Samples.modelApp(),
                m -> Json.ensure(m, "spec", "endpoint", "timeouts").put("request", "2h"))
            .contains("must be more than 0 and at most 1h"));
    assertTrue(
        errors(Samples.modelApp(), m -> Json.ensure(m, "spec", "ingress").put("host", "a:8080"))
            .contains("RFC 1123 subdomain"));
  }

  @Test
  void podTemplateIsThePartOfAPodThatIsHonoured() {
    assertEquals(
        "",
        errors(
            Samples.modelApp(),
            m ->
                Json.ensure(m, "spec", "model")
                    .set(
                        "podTemplate",
                        Samples.yaml(
                            "{nodeSelector: {disk: ssd}, containers: [{name: model, imagePullPolicy: Always, securityContext: {allowPrivilegeEscalation: false, runAsUser: 1000, runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}}]}"))));
    assertTrue(
        errors(
                Samples.modelApp(),
                m ->
                    Json.ensure(m, "spec", "model", "resources", "limits")
                        .put("nvidia.com/gpu", "1"))
            .contains("only cpu, memory and limits.ephemeral-storage are honoured yet: remove it"));
    assertTrue(
        errors(
                Samples.modelApp(),
                m -> Json.ensure(m, "spec", "model", "podTemplate").put("hostNetwork", true))
            .contains("spec.model.podTemplate.hostNetwork: unknown field"));
    assertTrue(
        errors(
                Samples.modelApp(),
                m ->
                    Json.ensure(m, "spec", "model")
                        .set("podTemplate", Samples.yaml("{containers: [{name: other}]}")))
            .contains("the container here is named \"model\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "securityContext: {runAsUser: -5} | securityContext.runAsUser: Invalid value: -5: must be between 0 and 2147483647, inclusive",
        "securityContext: {privileged: true} | securityContext.privileged: Forbidden: is not honoured yet and would change isolation or data: remove it; a root container has the usual capabilities anyway",
        "imagePullPolicy: Never | imagePullPolicy: Unsupported value: \"Never\": supported values: \"Always\", \"IfNotPresent\"",
        "terminationMessagePath: /why | terminationMessagePath: unknown field"
      })
  void podTemplateRefusesWhatDoesNotAct(String field, String message) {
    assertEquals(
        "spec.model.podTemplate.containers[0]." + message,
        errors(
            Samples.modelApp(),
            m ->
                Json.ensure(m, "spec", "model")
                    .set(
                        "podTemplate",
                        Samples.yaml("{containers: [{name: model, " + field + "}]}"))));
  }

  @Test
  void buildIsImmutableButForItsPlace() {
    ObjectNode old =
        Samples.yaml(
            "{apiVersion: berth.dev/v1alpha1, kind: ImageBuild, metadata: {name: a}, spec: {contextDigest: \"sha256:"
                + "a".repeat(64)
                + "\", repository: shop/digits-model}}");
    assertEquals(List.of(), schema(old).validate(old));
    ObjectNode placed = old.deepCopy();
    Json.ensure(placed, "spec").put("nodeName", "n1");
    assertEquals(List.of(), schema(old).validateUpdate(old, placed));
    ObjectNode other = placed.deepCopy();
    Json.ensure(other, "spec").put("nodeName", "n2").put("target", "x");
    assertEquals(2, schema(old).validateUpdate(placed, other).size());
  }

  @Test
  void columnsAreKubectls() {
    assertEquals(
        "Name | Ready | Status | Restarts | Age | IP* | Node* | Nominated Node* | Readiness Gates*",
        header(Kinds.POD));
    assertEquals(
        "Name | Ready | Up-to-date | Available | Age | Containers* | Images* | Selector*",
        header(Kinds.DEPLOYMENT));
    assertEquals(
        "Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector*",
        header(Kinds.SERVICE));
    assertEquals(
        "Name | Status | Roles | Age | Version | Internal-IP* | External-IP* | OS-Image* | Kernel-Version* | Container-Runtime*",
        header(Kinds.NODE));
    assertEquals(
        "Name | Ready | Model | App | Protocol | Traffic | URL | Age | Reason* | Image*",
        header(Kinds.MODEL_APP));
  }

  @Test
  void podRowTellsTheMostTellingWord() {
    ObjectNode pod = Samples.pod();
    assertEquals("web | 0/1 | Unknown | 0 | 90m | <none> | <none> | <none> | <none>", row(pod));
    pod.set(
        "status",
        Samples.yaml(
            "{phase: Running, podIP: 10.244.0.5, containerStatuses: [{name: web, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {finishedAt: \"2026-01-01T01:28:00Z\"}}}]}"));
    assertEquals(
        "web | 0/1 | CrashLoopBackOff | 3 (2m ago) | 90m | 10.244.0.5 | <none> | <none> | <none>",
        row(pod));
    pod.set(
        "status",
        Samples.yaml(
            "{phase: Failed, containerStatuses: [{name: web, ready: false, restartCount: 0, state: {terminated: {exitCode: 137}}}]}"));
    assertEquals("ExitCode:137", PodColumns.status(pod));
    pod.set(
        "status",
        Samples.yaml(
            "{phase: Running, containerStatuses: [{name: web, ready: true, state: {running: {}}}]}"));
    assertEquals("Running", PodColumns.status(pod));
    Json.meta(pod).put("deletionTimestamp", "2026-01-01T00:00:00Z");
    assertEquals("Terminating", PodColumns.status(pod));
  }

  @Test
  void rowsOfTheOtherKinds() {
    assertEquals(
        "web | 0/1 | 0 | 0 | 90m | web | nginx | app=web", row(defaulted(Samples.deployment())));
    assertEquals(
        "web | ClusterIP | <none> | <none> | 80/TCP | 90m | app=web",
        row(defaulted(Samples.service())));
    ObjectNode app = Samples.modelApp();
    assertEquals("digits | Unknown | 0/1 | 0/1 | auto |  |  | 90m |  | ", row(app));
    app.set(
        "status",
        Samples.yaml(
            "{url: http://digits.localhost, endpoint: {protocol: openai}, app: {ready: 1, desired: 1}, revisions: [{name: r7, ready: 2, desired: 2, weight: 75, image: i7}, {name: r8, ready: 1, desired: 1, weight: 25, image: i8}], conditions: [{type: Ready, status: \"True\"}]}"));
    assertEquals(
        "digits | True | 3/3 | 1/1 | openai | r7:75 r8:25 | http://digits.localhost | 90m |  | i7",
        row(app));
  }

  @Test
  void wrongTypesNeverMakeTheSchemaFail() {
    for (long seed = 1; seed <= 400; seed++) {
      java.util.Random random = new java.util.Random(seed);
      for (ResourceType type : Kinds.all()) {
        ObjectNode object = wild(type, random);
        KindSchema schema = Schemas.of(type);
        try {
          schema.validate(object);
          schema.unknownFields(object);
          schema.validateUpdate(object, wild(type, random));
          Honoured.check(object);
          schema.columns().forEach(column -> column.cell(object, NOW));
          schema.applyDefaults(object);
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + " " + type.kind() + " " + object, e);
        }
      }
    }
  }

  /// An object whose known fields hold anything.
  private static ObjectNode wild(ResourceType type, java.util.Random random) {
    ObjectNode object = Json.object();
    fill(object, Schemas.of(type).root(), random, 5);
    return object;
  }

  private static void fill(
      ObjectNode object, FieldType.ObjectType type, java.util.Random random, int depth) {
    type.fields()
        .forEach(
            (name, field) -> {
              if (random.nextInt(3) == 0) {
                object.set(name, value(field.type(), random, depth));
              }
            });
  }

  private static JsonNode value(FieldType type, java.util.Random random, int depth) {
    if (random.nextInt(6) == 0 || depth == 0) {
      return RandomTrees.any(random, 2);
    }
    return switch (type) {
      case FieldType.ObjectType known -> {
        ObjectNode child = Json.object();
        fill(child, known, random, depth - 1);
        yield child;
      }
      case FieldType.ListType list -> Json.array().add(value(list.element(), random, depth - 1));
      case FieldType.MapType map -> Json.object().set("k", value(map.value(), random, depth - 1));
      case FieldType.Scalar _, FieldType.AnyType _ -> RandomTrees.any(random, 1);
    };
  }

  @Test
  void whatTypedClientsKeepIn32BitsIsNoLarger() {
    for (String replicas : List.of("2147483648", "-2147483649")) {
      assertEquals(
          1,
          Schemas.of(Kinds.DEPLOYMENT)
              .wrongTypes(Json.parseObject("{\"spec\":{\"replicas\":" + replicas + "}}"))
              .size());
    }
    assertEquals(
        List.of(),
        Schemas.of(Kinds.DEPLOYMENT)
            .wrongTypes(Json.parseObject("{\"spec\":{\"replicas\":2147483647}}")));
  }
}
