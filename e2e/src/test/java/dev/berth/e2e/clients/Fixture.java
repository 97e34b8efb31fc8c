package dev.berth.e2e.clients;

import dev.berth.e2e.TestHost;
import java.io.IOException;

/// What the commands of one client work on: made by our own client, so that one command's failure
/// is not the next one's. Small, since all versions stand on one host.
final class Fixture {
  /// How many there are of each: awaited, shell, listens, web's, changed's, drained.
  static final int PODS = 6;

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: NS}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: NS, labels: {app: web}}
      data: {color: before}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: doomed, namespace: NS}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: NS-doomed}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: awaited, namespace: NS}
      spec:
        terminationGracePeriodSeconds: 8
        containers: [{name: main, image: default/box:1, args: [hang], lifecycle: {preStop: {sleep: {seconds: 5}}}, resources: {requests: {cpu: 1m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: shell, namespace: NS}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: main, image: default/shell:1, command: [sleep, '3600'], resources: {requests: {cpu: 1m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: listens, namespace: NS}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
          - {name: main, image: default/shell:1, command: [sh, -c, 'while :; do read l && echo got $l || sleep 1; done'], stdin: true, resources: {requests: {cpu: 1m}}}
          - {name: console, image: default/shell:1, command: [sh, -c, 'while :; do read l && echo got $l || sleep 1; done'], stdin: true, tty: true, resources: {requests: {cpu: 1m}}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: password, namespace: NS}
      stringData: {word: sesame}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: NS}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: 3000}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: NS, labels: {app: web}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - {name: main, image: default/box:1, args: [app], ports: [{containerPort: 3000}], resources: {requests: {cpu: 1m}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: changed, namespace: NS, labels: {app: changed}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: changed}}
        template:
          metadata: {labels: {app: changed}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: main, image: default/box:1, args: [hang], resources: {requests: {cpu: 1m}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: drained, namespace: NS, labels: {drain: NS}}
      spec:
        terminationGracePeriodSeconds: 1
        containers: [{name: main, image: default/box:1, args: [hang], resources: {requests: {cpu: 1m}}}]
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: NS-approved}
      spec:
        signerName: example.com/nobody
        usages: [client auth]
        request: REQUEST
      ---
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: NS-denied}
      spec:
        signerName: example.com/nobody
        usages: [client auth]
        request: REQUEST
      """;

  /// A certificate request for /CN=jane, of a key that nobody has kept.
  private static final String REQUEST =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHT01FSUNBUUF3RHpFTk1Bc0dB"
          + "MVVFQXd3RWFtRnVaVEFxTUFVR0F5dGxjQU1oQUlYdkhNbERURzVxYWhuRApHTTBFSVAwajdBdVps"
          + "d01NcDZpcytEZ0w5bHZnb0FBd0JRWURLMlZ3QTBFQUpaNXk3Q0hlbm9JMElRTFJIa2s5CkdjWlVH"
          + "YldNWGZpQWxCSmJJTTYydW9QMlM5L0ViRDYrZnRiUnV2bjBMYjVyRmlFQ2VtTDl2ZHk1OEVhdHhJ"
          + "bFQKREE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";

  /// A file that a client creates, applies, changes and replaces.
  private static final String FILE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: NAME, namespace: NS}
      data: {color: VALUE}
      """;

  private Fixture() {}

  static void prepare(TestHost host, Client client) throws IOException, InterruptedException {
    String ns = client.namespace();
    host.write(ns + "/objects.yaml", OBJECTS.replace("NS", ns).replace("REQUEST", REQUEST));
    for (String name : new String[] {"created", "applied", "served", "replaced", "tried"}) {
      for (String value : new String[] {"red", "blue"}) {
        host.write(
            ns + "/" + name + "-" + value + ".yaml",
            FILE.replace("NAME", name).replace("NS", ns).replace("VALUE", value));
      }
    }
    if (client.program().equals("helm")) {
      Chart.write(host, ns);
    }
    host.berth("apply", "-f", ns + "/objects.yaml", "--no-wait").ok();
  }
}
