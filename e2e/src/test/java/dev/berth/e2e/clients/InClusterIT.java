package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// A program in a pod reaches the API as programs in pods do, without being told anything: a
/// released kubectl finds address, certificate authority, token and namespace where client
/// libraries look for them ("Accessing the Kubernetes API from a Pod"), and is who its
/// ServiceAccount is.
class InClusterIT {
  private static final String SECRETS = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: NS}
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: reader, namespace: NS}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: asks, namespace: NS}
      spec:
        serviceAccountName: reader
        terminationGracePeriodSeconds: 0
        containers: [{name: main, image: default/tools:1, command: [sleep, '3600']}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: silent, namespace: NS}
      spec:
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 0
        containers: [{name: main, image: default/tools:1, command: [sleep, '3600']}]
      """;

  private static final String FORBIDDEN =
      "pods is forbidden: User \"system:serviceaccount:NS:reader\" cannot list resource \"pods\" in"
          + " API group \"\" in the namespace \"NS\"";
  private static final String[] LIST = {"kubectl", "get", "pods", "-o", "name"};
  private static final String PODS = "pod/asks\npod/silent\n";

  private @Nullable TestHost started;

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void aProgramInAPodIsWhoItsAccountIs() throws IOException, InterruptedException {
    Client kubectl = newest();
    TestHost host = TestHost.create("in-cluster");
    started = host;
    host.up().ok();
    buildTools(host, kubectl);
    String ns = kubectl.namespace();
    host.write("objects.yaml", OBJECTS.replace("NS", ns));
    host.berth("apply", "-f", "objects.yaml", "--no-wait").ok();
    kubectl
        .run(host, List.of("wait", "pod", "--all", "--for=condition=Ready", "--timeout=3m"))
        .ok();

    TestHost.Ran refused = in(host, kubectl, "asks", "kubectl", "get", "pods");
    assertTrue(refused.err().contains(FORBIDDEN.replace("NS", ns)), refused::toString);

    kubectl.run(host, words("create role reads --verb=list --resource=pods")).ok();
    kubectl
        .run(
            host, words("create rolebinding reads --role=reads --serviceaccount=" + ns + ":reader"))
        .ok();
    assertEquals(PODS, in(host, kubectl, "asks", LIST).ok().out());
    for (String name : List.of("kubernetes.default.svc", "kubernetes.default.svc.cluster.local")) {
      assertEquals(PODS, in(host, kubectl, "asks", "sh", "-c", listAt(name)).ok().out(), name);
    }
    assertEquals(1, in(host, kubectl, "silent", "ls", SECRETS).code());

    host.killBerth();
    host.up().ok();
    assertEquals(PODS, in(host, kubectl, "asks", LIST).ok().out());
  }

  /// By name, with what the pod was given: the certificate has to name it.
  private static String listAt(String name) {
    return "kubectl --server=https://%s --certificate-authority=%s/ca.crt --token=$(cat %s/token)"
            .formatted(name, SECRETS, SECRETS)
        + " -n $(cat %s/namespace) get pods -o name".formatted(SECRETS);
  }

  private static List<String> words(String line) {
    return List.of(line.split(" ", -1));
  }

  /// The newest one; skips the test, loudly, where nobody fetched any.
  private static Client newest() throws IOException {
    List<Client> all =
        Client.found().stream().filter(client -> client.program().equals("kubectl")).toList();
    if (all.isEmpty()) {
      System.err.println(
          "SKIPPED: no released kubectl; .ci/run fetches them, or name their folder with -D"
              + Client.DIRECTORY);
    }
    Assumptions.assumeFalse(all.isEmpty(), "no released kubectl");
    return all.getLast();
  }

  /// A shell and the program, which needs no library.
  private static void buildTools(TestHost host, Client kubectl)
      throws IOException, InterruptedException {
    host.buildShell("shell:1");
    host.write("tools/Dockerfile", "FROM default/shell:1\nCOPY kubectl /bin/kubectl\n");
    Files.copy(
        kubectl.file(),
        host.dir().resolve("tools/kubectl"),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
    host.berth("build", "tools", "-t", "tools:1").ok();
  }

  private static TestHost.Ran in(TestHost host, Client kubectl, String pod, String... command)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("exec", pod, "--"));
    words.addAll(List.of(command));
    return kubectl.run(host, words);
  }
}
