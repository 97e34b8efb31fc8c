package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A base and its overlay, from a push to objects.
final class KustomizeTest extends ServedRepository {
  @BeforeEach
  void start() throws Exception {
    follow("\"path\": \"prod\", \"substitute\": {\"REGION\": \"eu\"}");
    git.write("base/kustomization.yaml", "resources: [web.yaml]\n");
    git.write(
        "base/web.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: nginx:1.0
                envFrom: [{configMapRef: {name: settings}}]
              - {name: side, image: busybox}
        """);
  }

  @Test
  void anOverlayFitsItsBaseToAnEnvironment() throws Exception {
    git.write(
        "prod/kustomization.yaml",
        """
        resources: [../base]
        namePrefix: prod-
        commonLabels: {env: prod}
        commonAnnotations: {region: "${REGION}"}
        configMapGenerator:
        - {name: settings, literals: [A=1], files: [app.conf]}
        images: [{name: nginx, newTag: "2.0"}]
        replicas: [{name: web, count: 3}]
        patches:
        - patch: |
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {spec: {containers: [{name: side, image: "busybox:2"}]}}}
        - target: {kind: Deployment}
          patch: |
            - {op: add, path: /metadata/labels, value: {patched: "yes"}}
        """);
    git.write("prod/app.conf", "text ${KEPT}").push("one");
    rig.settle("apps");
    assertEquals("True Synced", rig.condition("apps", "Synced"), rig.repository("apps")::toString);
    var web = rig.cluster.get("Deployment.apps/default/prod-web").orElseThrow();
    assertEquals(3, Json.at(web, "spec", "replicas").asInt());
    assertEquals("yes", Json.labels(web).get("patched"));
    assertEquals("eu", Json.annotations(web).get("region"));
    assertEquals("prod", Json.text(web, "spec", "selector", "matchLabels", "env"));
    var containers = Json.at(web, "spec", "template", "spec", "containers");
    assertEquals("nginx:2.0", Json.text(containers.path(0), "image"));
    assertEquals("busybox:2", Json.text(containers.path(1), "image"));
    String settings = Json.text(containers.path(0).path("envFrom").path(0), "configMapRef", "name");
    assertTrue(settings.matches("prod-settings-[0-9a-f]{10}"), settings);
    var map = rig.cluster.get("ConfigMap/default/" + settings).orElseThrow();
    assertEquals("text ${KEPT}", Json.text(map, "data", "app.conf"));
  }

  @Test
  void whatIsNotSupportedIsRefusedByName() throws Exception {
    for (String[] each :
        List.of(
            new String[] {"helmCharts: []", "helmCharts of kustomize is not supported"},
            new String[] {"resources: [../../other]", "is not inside the repository"},
            new String[] {"resources: [https://example.com/x.yaml]", "is not inside"},
            new String[] {"resources: [../prod]", "in a circle"},
            new String[] {"namePrefix: ${NONE}", "kustomization.yaml:1: variable NONE"},
            new String[] {"resources: [none.yaml]", "none.yaml is not in the commit"})) {
      git.write("prod/kustomization.yaml", each[0] + "\n").push(each[0]);
      rig.pull("apps");
      String message = rig.message("apps", "Ready");
      assertTrue(message.contains(each[1]), each[0] + ": " + message);
    }
  }

  /// Each level reads the one below twice: a page of text asks for half a million files.
  @Test
  void layersThatMultiplyAreStopped() throws Exception {
    for (int i = 0; i < 19; i++) {
      String below = i == 18 ? "../base" : "../l" + (i + 1);
      git.write("l" + i + "/kustomization.yaml", "resources: [" + below + ", " + below + "]\n");
    }
    git.write("prod/kustomization.yaml", "resources: [../l0]\n").push("twice, twice");
    rig.pull("apps");
    String message = rig.message("apps", "Ready");
    assertTrue(message.contains("more than 10000 manifests are read"), message);
  }

  @Test
  void aTargetThatBacktracksWithoutEndIsAnsweredAtOnce() throws Exception {
    git.write(
        "prod/kustomization.yaml",
        """
        resources: [../base]
        namePrefix: %s-
        patches:
        - target: {kind: Deployment, name: '(a|a)*(a|a)*(a|a)*!'}
          patch: |
            - {op: add, path: /metadata/labels, value: {patched: "yes"}}
        """
            .formatted("a".repeat(60)));
    git.push("slow");
    rig.pull("apps");
    String message = rig.message("apps", "Ready");
    assertTrue(message.contains("fits no object"), message);
  }
}
