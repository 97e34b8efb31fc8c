package dev.berth.e2e.conformance;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rows that ask no more of a kind than that its objects can be kept: a life, a status of its own,
/// deletion of many.
class KeptKindsIT extends WithApi {
  private static final String NS = "default";

  /// A certificate request for /CN=jane, of a key that nobody has kept.
  private static final String REQUEST =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHT01FSUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWFtRnVaVEFxTUFVR0F5dGxjQU1oQUlYdkhNbERURzVxYWhuRApHTTBFSVAwajdBdVpsd01NcDZpcytEZ0w5bHZnb0FBd0JRWURLMlZ3QTBFQUpaNXk3Q0hlbm9JMElRTFJIa2s5CkdjWlVHYldNWGZpQWxCSmJJTTYydW9QMlM5L0ViRDYrZnRiUnV2bjBMYjVyRmlFQ2VtTDl2ZHk1OEVhdHhJbFQKREE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";

  KeptKindsIT() {
    super("kept");
  }

  private Lifecycle kind(String base, String namespace, String plural, String body) {
    return new Lifecycle(wire, base, namespace, plural, body);
  }

  @Test
  @Tag("conformance:lease/1")
  void leases() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/coordination.k8s.io/v1",
            NS,
            "leases",
            "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"spec\":{\"holderIdentity\":\"a\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:configmap-use-and-api/5")
  @Tag("conformance:configmap-use-and-api/6")
  void configMaps() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "configmaps",
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"b\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:secret-env-and-api/5")
  void secrets() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "secrets",
            "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"Yg==\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:endpointslice/5")
  void endpointSlices() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/discovery.k8s.io/v1",
            NS,
            "endpointslices",
            "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"10.9.8.7\"]}],\"ports\":[{\"name\":\"a\",\"port\":80,\"protocol\":\"TCP\"}]}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:endpoints/2")
  void endpoints() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "endpoints",
            "{\"apiVersion\":\"v1\",\"kind\":\"Endpoints\",\"subsets\":[{\"addresses\":[{\"ip\":\"10.9.8.7\"}],\"ports\":[{\"port\":80}]}]}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:services/9")
  void services() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "services",
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":[{\"port\":80}]}}");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:services/8")
  void serviceStatus() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "services",
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":[{\"port\":80}]}}");
    kind.run("one");
    kind.status(
        "two",
        "{\"status\":{\"conditions\":[{\"type\":\"T\",\"status\":\"True\",\"reason\":\"R\",\"message\":\"\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}",
        "/status/conditions");
  }

  @Test
  @Tag("conformance:podtemplate/1")
  @Tag("conformance:podtemplate/2")
  @Tag("conformance:podtemplate/3")
  void podTemplates() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "podtemplates",
            "{\"apiVersion\":\"v1\",\"kind\":\"PodTemplate\",\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"a\"}]}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:service-accounts/7")
  @Tag("conformance:service-accounts/8")
  void serviceAccounts() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "serviceaccounts",
            "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\"}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:resourcequota/2")
  @Tag("conformance:resourcequota/10")
  void quotas() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "resourcequotas",
            "{\"apiVersion\":\"v1\",\"kind\":\"ResourceQuota\",\"spec\":{\"hard\":{\"pods\":\"900\"}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:resourcequota/1")
  void quotaStatus() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "resourcequotas",
            "{\"apiVersion\":\"v1\",\"kind\":\"ResourceQuota\",\"spec\":{\"hard\":{\"pods\":\"900\"}}}");
    kind.status("two", "{\"status\":{\"hard\":{\"pods\":\"7\"}}}", "/status/hard");
  }

  @Test
  @Tag("conformance:limitrange/2")
  void limitRanges() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "limitranges",
            "{\"apiVersion\":\"v1\",\"kind\":\"LimitRange\",\"spec\":{\"limits\":[{\"type\":\"Container\",\"max\":{\"cpu\":\"64\"}}]}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  void priorityClasses() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/scheduling.k8s.io/v1",
            "",
            "priorityclasses",
            "{\"apiVersion\":\"scheduling.k8s.io/v1\",\"kind\":\"PriorityClass\",\"value\":7}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:ingress-api/1")
  void ingresses() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/networking.k8s.io/v1",
            NS,
            "ingresses",
            "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"a\",\"port\":{\"number\":80}}}}}");
    kind.run("one");
    kind.deleteCollection();
    kind.status(
        "two",
        "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.9.8.7\"}]}}}",
        "/status/loadBalancer");
  }

  @Test
  @Tag("conformance:ingress-api/2")
  void ingressClasses() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/networking.k8s.io/v1",
            "",
            "ingressclasses",
            "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"IngressClass\",\"spec\":{\"controller\":\"example.com/a\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:storageclass-api/1")
  void storageClasses() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            "",
            "storageclasses",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"StorageClass\",\"provisioner\":\"example.com/a\"}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:csi-api/1")
  void csiDrivers() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            "",
            "csidrivers",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"CSIDriver\",\"spec\":{}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:csi-api/3")
  void csiNodes() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            "",
            "csinodes",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"CSINode\",\"spec\":{\"drivers\":[]}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:csi-api/4")
  void csiCapacities() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            NS,
            "csistoragecapacities",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"CSIStorageCapacity\",\"storageClassName\":\"a\"}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:volumeattachment-api/2")
  void volumeAttachments() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            "",
            "volumeattachments",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"VolumeAttachment\",\"spec\":{\"attacher\":\"a\",\"nodeName\":\"n\",\"source\":{\"persistentVolumeName\":\"v\"}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:volumeattachment-api/1")
  void volumeAttachmentStatus() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/storage.k8s.io/v1",
            "",
            "volumeattachments",
            "{\"apiVersion\":\"storage.k8s.io/v1\",\"kind\":\"VolumeAttachment\",\"spec\":{\"attacher\":\"a\",\"nodeName\":\"n\",\"source\":{\"persistentVolumeName\":\"v\"}}}");
    kind.status("two", "{\"status\":{\"attached\":true}}", "/status/attached");
  }

  @Test
  @Tag("conformance:poddisruptionbudget/1")
  @Tag("conformance:poddisruptionbudget/3")
  void disruptionBudgets() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/policy/v1",
            NS,
            "poddisruptionbudgets",
            "{\"apiVersion\":\"policy/v1\",\"kind\":\"PodDisruptionBudget\",\"spec\":{\"minAvailable\":1,\"selector\":{\"matchLabels\":{\"a\":\"none\"}}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:cronjob/5")
  void cronJobs() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/batch/v1",
            NS,
            "cronjobs",
            "{\"apiVersion\":\"batch/v1\",\"kind\":\"CronJob\",\"spec\":{\"schedule\":\"0 0 1 1"
                + " *\",\"suspend\":true,\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"a\",\"image\":\"a\"}]}}}}}}");
    kind.run("one");
    kind.deleteCollection();
    kind.status(
        "two",
        "{\"status\":{\"lastScheduleTime\":\"2026-01-01T00:00:00Z\"}}",
        "/status/lastScheduleTime");
  }

  @Test
  @Tag("conformance:priority-fairness/2")
  void priorityLevels() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/flowcontrol.apiserver.k8s.io/v1",
            "",
            "prioritylevelconfigurations",
            "{\"apiVersion\":\"flowcontrol.apiserver.k8s.io/v1\",\"kind\":\"PriorityLevelConfiguration\",\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":5,\"limitResponse\":{\"type\":\"Reject\"}}}}");
    kind.run("one");
    kind.deleteCollection();
    kind.status(
        "two",
        "{\"status\":{\"conditions\":[{\"type\":\"T\",\"status\":\"True\",\"reason\":\"R\",\"message\":\"\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}",
        "/status/conditions");
  }

  @Test
  @Tag("conformance:priority-fairness/1")
  void flowSchemas() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/flowcontrol.apiserver.k8s.io/v1",
            "",
            "flowschemas",
            "{\"apiVersion\":\"flowcontrol.apiserver.k8s.io/v1\",\"kind\":\"FlowSchema\",\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"a\"},\"matchingPrecedence\":9000}}");
    kind.run("one");
    kind.deleteCollection();
    kind.status(
        "two",
        "{\"status\":{\"conditions\":[{\"type\":\"T\",\"status\":\"True\",\"reason\":\"R\",\"message\":\"\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}",
        "/status/conditions");
  }

  @Test
  void signingRequests() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/certificates.k8s.io/v1",
            "",
            "certificatesigningrequests",
            "{\"apiVersion\":\"certificates.k8s.io/v1\",\"kind\":\"CertificateSigningRequest\",\"spec\":{\"request\":\""
                + REQUEST
                + "\",\"signerName\":\"example.com/a\",\"usages\":[\"client"
                + " auth\"]}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  void controllerRevisions() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/apps/v1",
            NS,
            "controllerrevisions",
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"ControllerRevision\",\"revision\":1,\"data\":{\"a\":\"b\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:events-core-events-k8s-io/3")
  @Tag("conformance:events-core-events-k8s-io/4")
  void coreEvents() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "events",
            "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"a\",\"namespace\":\"default\"},\"reason\":\"R\",\"type\":\"Normal\",\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:events-core-events-k8s-io/1")
  @Tag("conformance:events-core-events-k8s-io/2")
  void newEvents() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/events.k8s.io/v1",
            NS,
            "events",
            "{\"apiVersion\":\"events.k8s.io/v1\",\"kind\":\"Event\",\"eventTime\":\"2026-01-01T00:00:00.000000Z\",\"reportingController\":\"example.com/a\",\"reportingInstance\":\"a\",\"action\":\"A\",\"regarding\":{\"kind\":\"Pod\",\"name\":\"a\",\"namespace\":\"default\"},\"reason\":\"R\",\"type\":\"Normal\",\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:node/1")
  void nodes() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            "",
            "nodes",
            "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"spec\":{\"unschedulable\":true}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:namespaces/2")
  @Tag("conformance:namespaces/6")
  void namespaces() throws IOException, InterruptedException {
    Lifecycle kind =
        kind("/api/v1", "", "namespaces", "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
    kind.run("one");
  }

  @Test
  @Tag("conformance:namespaces/3")
  void namespaceStatus() throws IOException, InterruptedException {
    Lifecycle kind =
        kind("/api/v1", "", "namespaces", "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
    kind.status(
        "two",
        "{\"status\":{\"conditions\":[{\"type\":\"T\",\"status\":\"True\",\"reason\":\"R\",\"message\":\"\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}",
        "/status/conditions");
  }

  @Test
  @Tag("conformance:pv-and-pvc-api/2")
  void volumes() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            "",
            "persistentvolumes",
            "{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolume\",\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"storageClassName\":\"none\",\"hostPath\":{\"path\":\"/srv/x\"}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:replicationcontroller/6")
  void replicationControllers() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/api/v1",
            NS,
            "replicationcontrollers",
            "{\"apiVersion\":\"v1\",\"kind\":\"ReplicationController\",\"spec\":{\"replicas\":0,\"selector\":{\"a\":\"kept\"},\"template\":{\"metadata\":{\"labels\":{\"a\":\"kept\"}},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"a\"}]}}}}");
    kind.run("one");
    kind.deleteCollection();
  }

  @Test
  @Tag("conformance:runtimeclass/5")
  void runtimeClasses() throws IOException, InterruptedException {
    Lifecycle kind =
        kind(
            "/apis/node.k8s.io/v1",
            "",
            "runtimeclasses",
            "{\"apiVersion\":\"node.k8s.io/v1\",\"kind\":\"RuntimeClass\",\"handler\":\"a\"}");
    kind.run("one");
    kind.deleteCollection();
  }
}
