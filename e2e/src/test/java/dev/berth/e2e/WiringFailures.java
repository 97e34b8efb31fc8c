package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import dev.berth.e2e.Failure.Look;
import java.util.List;

/// Callers, names and references that go astray, and pods that find no place.
final class WiringFailures {
  private WiringFailures() {}

  private static Failure wiring(String name, String title, Spec spec, String reason) {
    return Failure.of(Group.WIRING, name, title, spec, reason);
  }

  static List<Failure> wiring() {
    return List.of(
        wiring(
                "called-early",
                "The endpoint is called before a model is ready",
                Spec.of("args: [hang]"),
                "HangsBeforeListening")
            .looking("call", "called-early")
            .naming("no replica"),
        wiring(
                "stranger",
                "The endpoint is called by a pod that is not the app of its ModelApp",
                Spec.working(),
                "")
            .looking(new Look.FromApp("other", "digits-model", "/v2/models/digits"))
            .naming("403", "default/digits"),
        wiring(
                "wrong-path",
                "The endpoint is called with a path that it does not have",
                Spec.working(),
                "")
            .looking(new Look.FromApp("digits", "digits-model", "/predict"))
            .naming("404", "/v2/models/digits/infer"),
        wiring(
                "too-slow",
                "The model takes longer than the endpoint waits",
                Spec.of("env: [{name: SLOW, value: '3'}]").endpoint("timeouts: {request: 1s}"),
                "")
            .looking("call", "too-slow")
            .naming("spec.endpoint.timeouts.request"),
        wiring(
                "host-taken",
                "Another ModelApp has the ingress host",
                Spec.working().app().ingress("host: digits.localhost"),
                "HostConflict")
            .naming("digits.localhost", "default/digits", "spec.ingress.host")
            .repairedBy(Spec.working().app().ingress("host: host-taken.localhost")),
        wiring(
                "name-taken",
                "Something else has the name that the endpoint's Service needs",
                Spec.working()
                    .after(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: name-taken-model}
                        spec: {selector: {app: old}, ports: [{port: 80}]}\
                        """),
                "NameTaken")
            .naming("Service", "name-taken-model", "berth delete service name-taken-model")
            .repairedBy(
                new Failure.Repair.Command(List.of("delete", "service", "name-taken-model"))),
        wiring(
                "lonely-service",
                "A Service selects no pod",
                Spec.working()
                    .after(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: lonely-service}
                        spec: {selector: {berth.dev/modelapp: digitz}, ports: [{port: 80}]}\
                        """),
                "")
            .looking("why", "service/lonely-service")
            .naming("berth.dev/modelapp=digitz", "spec.selector"),
        wiring(
                "secret-missing",
                "A variable refers to a Secret that is not there",
                Spec.of(
                    "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hub-token, key:"
                        + " token}}}]"),
                "SecretNotFound")
            .naming("hub-token")
            .repairedBy(
                Spec.of(
                        "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hub-token, key:"
                            + " token}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: hub-token}
                        stringData: {token: abc}\
                        """)),
        wiring(
                "secret-key-missing",
                "A variable refers to a key that the Secret does not have",
                Spec.of(
                        "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api-token, key:"
                            + " tokn}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: api-token}
                        stringData: {token: abc}\
                        """),
                "SecretKeyNotFound")
            .naming("tokn", "token")
            .repairedBy(
                Spec.of(
                    "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api-token, key:"
                        + " token}}}]")),
        wiring(
                "configmap-missing",
                "A variable refers to a ConfigMap that is not there",
                Spec.of(
                    "env: [{name: MODE, valueFrom: {configMapKeyRef: {name: modes, key: mode}}}]"),
                "ConfigMapNotFound")
            .naming("modes"),
        wiring(
                "configmap-key-missing",
                "A variable refers to a key that the ConfigMap does not have",
                Spec.of(
                        "env: [{name: MODE, valueFrom: {configMapKeyRef: {name: speed, key:"
                            + " mod}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: speed}
                        data: {mode: fast}\
                        """),
                "ConfigMapKeyNotFound")
            .naming("mod", "mode"));
  }

  static List<Failure> placement() {
    return List.of(
        Failure.of(
                Group.PLACEMENT,
                "too-large",
                "No node is large enough",
                Spec.of("resources: {requests: {cpu: 64, memory: 16Mi}}"),
                "Unschedulable")
            .naming("node-1", "spec.model.resources.requests")
            .repairedBy(Spec.working()),
        Failure.of(
                Group.PLACEMENT,
                "no-such-node",
                "The selector matches no node",
                Spec.of("podTemplate: {nodeSelector: {disk: ssd}}"),
                "Unschedulable")
            .naming("disk=ssd")
            .repairedBy(Spec.working()),
        Failure.of(
                Group.PLACEMENT,
                "unknown-node",
                "The pod is bound to a node that does not exist",
                Spec.of("podTemplate: {nodeName: nowhere}"),
                "Unschedulable")
            .naming("nowhere", "spec.model.podTemplate.nodeName")
            .repairedBy(Spec.working()));
  }
}
