package dev.berth.api.schema;

import dev.berth.api.codec.Manifests;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Valid objects that tests change in one place.
final class Samples {
  private Samples() {}

  static ObjectNode yaml(String text) {
    return Manifests.parse("sample.yaml", text.getBytes(StandardCharsets.UTF_8)).getFirst().tree();
  }

  static ObjectNode pod() {
    return yaml(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          containers:
          - name: web
            image: nginx:1.27
            ports: [{containerPort: 80}]
            resources: {limits: {memory: 128Mi}}
            readinessProbe: {httpGet: {port: 80}}
        """);
  }

  static ObjectNode deployment() {
    return yaml(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers: [{name: web, image: nginx}]
        """);
  }

  static ObjectNode service() {
    return yaml(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          selector: {app: web}
          ports: [{port: 80}]
        """);
  }

  static ObjectNode modelApp() {
    return yaml(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: digits, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          model: {image: "digits-model:1"}
          app: {image: "digits-app:1"}
          ingress: {host: digits.localhost}
        """);
  }
}
