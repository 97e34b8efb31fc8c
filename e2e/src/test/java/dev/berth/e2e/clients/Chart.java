package dev.berth.e2e.clients;

import dev.berth.e2e.TestHost;
import java.io.IOException;

/// Two small charts: one with a Deployment, a Service and, when asked for, a hook; one with a
/// definition of its own.
final class Chart {
  private static final String HEAD =
      """
      apiVersion: v2
      name: NAME
      version: 1.0.0
      """;
  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: "{{ .Release.Name }}-helm"}
      spec: {selector: {app: "{{ .Release.Name }}"}, ports: [{port: 80, targetPort: 3000}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: "{{ .Release.Name }}-helm"}
      spec:
        replicas: {{ .Values.replicas }}
        selector: {matchLabels: {app: "{{ .Release.Name }}"}}
        template:
          metadata: {labels: {app: "{{ .Release.Name }}"}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: main, image: default/box:1, args: [hang]}]
      {{- if .Values.hook }}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: "{{ .Release.Name }}-hook"
        annotations: {helm.sh/hook: post-install}
      spec:
        template:
          spec:
            restartPolicy: Never
            containers: [{name: main, image: default/box:1, args: [fail, "0", done]}]
      {{- end }}
      """;
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.PLACE.example.com}
      spec:
        group: PLACE.example.com
        scope: Namespaced
        names: {plural: widgets, singular: widget, kind: Widget}
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties: {spec: {type: object, properties: {size: {type: integer}}}}
      """;
  private static final String WIDGET =
      """
      apiVersion: PLACE.example.com/v1
      kind: Widget
      metadata: {name: "{{ .Release.Name }}"}
      spec: {size: 3}
      """;

  private Chart() {}

  static void write(TestHost host, String folder) throws IOException {
    host.write(folder + "/chart/Chart.yaml", HEAD.replace("NAME", "plain"));
    host.write(folder + "/chart/values.yaml", "replicas: 1\nhook: false\n");
    host.write(folder + "/chart/templates/all.yaml", TEMPLATE);
    host.write(folder + "/chart-crd/Chart.yaml", HEAD.replace("NAME", "custom"));
    host.write(folder + "/chart-crd/crds/widget.yaml", DEFINITION.replace("PLACE", folder));
    host.write(folder + "/chart-crd/templates/widget.yaml", WIDGET.replace("PLACE", folder));
  }
}
