package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Pods whose container is a few lines of shell: what they print is what the test looks at.
final class ScriptPods {
  static final String IMAGE = "default/shell:1";
  static final String PODS = "/api/v1/namespaces/default/pods";
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed");

  private final Wire wire;
  private int made;

  ScriptPods(Wire wire) {
    this.wire = wire;
  }

  /// @param log of the container `main`
  record Ended(JsonNode pod, String log) {
    String phase() {
      return pod.at("/status/phase").asString("");
    }

    JsonNode terminated() {
      return pod.at("/status/containerStatuses/0/state/terminated");
    }
  }

  /// What a container prints that has these fields beside name and image, in a pod that never
  /// restarts.
  String says(String containerFields) throws IOException, InterruptedException {
    Ended ended = run("", containerFields);
    assertEquals("Succeeded", ended.phase(), () -> ended.pod() + "\n" + ended.log());
    return ended.log();
  }

  /// The same in a pod with these fields.
  String says(String podFields, String containerFields) throws IOException, InterruptedException {
    Ended ended = run(podFields, containerFields);
    assertEquals("Succeeded", ended.phase(), () -> ended.pod() + "\n" + ended.log());
    return ended.log();
  }

  /// The same beside another container of the pod.
  String saysBeside(String podFields, String containerFields, String other)
      throws IOException, InterruptedException {
    String name = "script-" + ++made;
    String both = yaml(name, podFields, containerFields).stripTrailing() + "\n  - " + other + "\n";
    wire.postYaml(PODS, both).is(201);
    Ended ended = ended(name);
    assertEquals("Succeeded", ended.phase(), () -> ended.pod() + "\n" + ended.log());
    return ended.log();
  }

  Ended run(String podFields, String containerFields) throws IOException, InterruptedException {
    return ended(create(podFields, containerFields));
  }

  /// Waits for its end, and deletes it.
  Ended ended(String name) throws IOException, InterruptedException {
    JsonNode pod = await(name, p -> ENDS.contains(p.at("/status/phase").asString("")));
    Ended ended = new Ended(pod, wire.text(PODS + "/" + name + "/log?container=main"));
    wire.delete(PODS + "/" + name + "?gracePeriodSeconds=0").ok();
    return ended;
  }

  /// Until the container `main` has printed this.
  void awaitSaid(String name, String word) throws InterruptedException {
    awaitSaid(name, "main", word);
  }

  void awaitSaid(String name, String container, String word) throws InterruptedException {
    TestHost.waitUntil(
        name + " says " + word,
        () -> {
          try {
            return wire.text(PODS + "/" + name + "/log?container=" + container).contains(word);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  String create(String podFields, String containerFields) throws IOException {
    String name = "script-" + ++made;
    wire.postYaml(PODS, yaml(name, podFields, containerFields)).is(201);
    return name;
  }

  /// @param policy Always, OnFailure or Never
  String createWithPolicy(String policy, String podFields, String containerFields)
      throws IOException {
    String name = "script-" + ++made;
    wire.postYaml(
            PODS,
            yaml(name, podFields, containerFields)
                .replace("restartPolicy: Never", "restartPolicy: " + policy))
        .is(201);
    return name;
  }

  void delete(String name) throws IOException {
    wire.delete(PODS + "/" + name + "?gracePeriodSeconds=0").ok();
  }

  /// Answered by 422, with this in the message.
  void refused(String word, String podFields, String containerFields) throws IOException {
    Wire.Answer answer = wire.postYaml(PODS, yaml("refused", podFields, containerFields)).is(422);
    String message = answer.body().path("message").asString();
    assertEquals(word, message.contains(word) ? word : message);
  }

  JsonNode await(String name, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    TestHost.waitUntil("pod " + name, () -> condition.test(get(name)));
    return get(name);
  }

  JsonNode get(String name) {
    try {
      return wire.get(PODS + "/" + name).ok();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String yaml(String name, String podFields, String containerFields) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, labels: {tier: test, odd: "yes"}, annotations: {note: "two words"}}
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
    %s
      containers:
      - name: main
        image: %s
    %s
    """
        .formatted(name, podFields.indent(2), IMAGE, containerFields.indent(4));
  }
}
