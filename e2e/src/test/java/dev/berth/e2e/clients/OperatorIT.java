package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Somebody's operator on java-operator-sdk (module operator) cannot tell. It is a process of its
/// own on a test host; what it does is seen through the API. Berth is killed under it, and it goes
/// on.
class OperatorIT {
  private static final Path OPERATOR = Path.of("operator/target").toAbsolutePath();
  private static final String NAMESPACE = "default";
  private static final ResourceDefinitionContext GREETINGS =
      new ResourceDefinitionContext.Builder()
          .withGroup("proofs.berth.dev")
          .withVersion("v1")
          .withKind("Greeting")
          .withPlural("greetings")
          .withNamespaced(true)
          .build();
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: greetings.proofs.berth.dev}
      spec:
        group: proofs.berth.dev
        scope: Namespaced
        names: {kind: Greeting, listKind: GreetingList, plural: greetings, singular: greeting}
        versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [text]
                    properties: {text: {type: string, minLength: 1}}
                  status:
                    type: object
                    properties:
                      said: {type: string}
                      observedGeneration: {type: integer, format: int64}
      """;

  private @Nullable TestHost started;
  private @Nullable Path log;

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void anOperatorReconcilesHealsAndCleansUpAlsoAfterBerthWasKilled()
      throws IOException, InterruptedException {
    TestHost host = TestHost.create("operator");
    started = host;
    host.up().ok();
    host.write("definition.yaml", DEFINITION);
    host.berth("apply", "-f", "definition.yaml").ok();
    Process operator = startOperator(host);
    try (Door door = Door.open(host, 6443);
        KubernetesClient client = Fabric8.client(host, door)) {
      Greeting kept = new Greeting(client, "kept");
      kept.create("here before");
      kept.awaitDone("here before", 1);
      live(new Greeting(client, "first"));
      String leader = leader(client);
      host.killBerth();
      host.up().ok();
      kept.say("here after");
      kept.awaitDone("here after", 2);
      live(new Greeting(client, "second"));
      assertEquals(leader, leader(client), "it leads all the time");
    }
    assertTrue(operator.isAlive(), () -> "the operator gave up:\n" + log());
  }

  private Process startOperator(TestHost host) throws IOException {
    log = host.dir().resolve("operator.log");
    return host.startInNamespace(
        log,
        List.of(
            "env",
            "KUBECONFIG=" + host.dataDir().resolve("admin.kubeconfig"),
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            OPERATOR.resolve("classes") + ":" + OPERATOR.resolve("lib") + "/*",
            "dev.berth.e2e.operator.GreetingOperator"));
  }

  private String log() {
    try {
      return log == null ? "" : Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String leader(KubernetesClient client) {
    return client
        .leases()
        .inNamespace(NAMESPACE)
        .withName("greetings")
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  private void live(Greeting greeting) throws InterruptedException {
    greeting.create("hello");
    greeting.awaitDone("hello", 1);
    assertEquals(List.of("greetings.proofs.berth.dev/finalizer"), greeting.finalizers());
    greeting.say("goodbye");
    greeting.awaitDone("goodbye", 2);
    greeting.map.edit(map -> new ConfigMapBuilder(map).addToData("text", "nonsense").build());
    greeting.awaitMap("what somebody changed is healed", "goodbye");
    greeting.map.delete();
    greeting.awaitMap("what somebody deleted is made again", "goodbye");
    greeting.delete();
    await("the greeting is gone", () -> greeting.object.get() == null);
    assertTrue(greeting.farewell.get() != null, "it stayed until the operator had cleaned up");
    await("and its map after it", () -> greeting.map.get() == null);
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    try {
      TestHost.waitUntil(what, condition);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + log(), e);
    }
  }

  /// A greeting as the API has it, with what the operator makes of it.
  private final class Greeting {
    private final KubernetesClient client;
    private final String name;
    private final Resource<GenericKubernetesResource> object;
    private final Resource<ConfigMap> map;
    private final Resource<ConfigMap> farewell;

    Greeting(KubernetesClient client, String name) {
      this.client = client;
      this.name = name;
      object = client.genericKubernetesResources(GREETINGS).inNamespace(NAMESPACE).withName(name);
      map = client.configMaps().inNamespace(NAMESPACE).withName(name);
      farewell = client.configMaps().inNamespace(NAMESPACE).withName("farewell-" + name);
    }

    void create(String text) {
      GenericKubernetesResource made = new GenericKubernetesResource();
      made.setApiVersion("proofs.berth.dev/v1");
      made.setKind("Greeting");
      made.setMetadata(new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
      made.setAdditionalProperty("spec", Map.of("text", text));
      client.resource(made).create();
    }

    void say(String text) {
      object.edit(
          greeting -> {
            greeting.setAdditionalProperty("spec", Map.of("text", text));
            return greeting;
          });
    }

    void delete() {
      object.delete();
    }

    List<String> finalizers() {
      return object.get().getMetadata().getFinalizers();
    }

    void awaitDone(String text, long generation) throws InterruptedException {
      awaitMap("its map says what it says", text);
      await(
          "its status says so",
          () ->
              Map.of("said", text, "observedGeneration", (int) generation)
                  .equals(object.get().getAdditionalProperties().get("status")));
    }

    void awaitMap(String what, String text) throws InterruptedException {
      await(
          what,
          () ->
              Optional.ofNullable(map.get())
                  .map(found -> text.equals(found.getData().get("text")))
                  .orElse(false));
    }
  }
}
