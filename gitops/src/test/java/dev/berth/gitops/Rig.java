package dev.berth.gitops;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The engine with a cluster in memory and a clock that is set by hand, driven as the controller
/// drives it.
public final class Rig implements AutoCloseable {
  public final FakeCluster cluster = new FakeCluster();
  public final Map<String, byte[]> contexts = new HashMap<>();
  private final Map<ObjectKey, Map<String, byte[]>> secrets = new HashMap<>();
  private final BlockingQueue<ObjectKey> woken = new LinkedBlockingQueue<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final GitOps engine;

  public Rig(Path folder) throws IOException {
    this(folder, Optional.empty());
  }

  public Rig(Path folder, Optional<Path> files) throws IOException {
    this.engine =
        new GitOps(
            new GitOps.Config(folder.resolve("clones"), files),
            new GitOps.Ports(
                cluster,
                key -> Optional.ofNullable(secrets.get(key)),
                (repository, archive, digest) -> {
                  byte[] bytes = java.nio.file.Files.readAllBytes(archive);
                  contexts.put(repository, bytes);
                  return Digest.sha256(
                      digest.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                },
                () -> now,
                new Random(42),
                woken::add));
  }

  public GitOps engine() {
    return engine;
  }

  public void secret(String name, Map<String, byte[]> values) {
    secrets.put(new ObjectKey("default", name), values);
  }

  /// Stores a repository, as `kubectl apply` would.
  public Rig apply(String name, String spec) {
    ObjectNode object =
        cluster
            .get("GitRepository.berth.dev/default/" + name)
            .orElseGet(
                () -> {
                  ObjectNode fresh = Json.object();
                  fresh.put("apiVersion", "berth.dev/v1alpha1").put("kind", "GitRepository");
                  Json.meta(fresh).put("name", name).put("namespace", "default");
                  return fresh;
                });
    object.set("spec", Json.parse(spec));
    Json.meta(object).put("generation", Json.generation(object) + 1);
    cluster.put(object);
    return this;
  }

  public Rig annotate(String name, String annotation, String value) {
    ObjectNode object = repository(name);
    Json.ensure(object, "metadata", "annotations").put(annotation, value);
    cluster.put(object);
    return this;
  }

  public ObjectNode repository(String name) {
    return cluster.get("GitRepository.berth.dev/default/" + name).orElseThrow();
  }

  public Rig pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  /// One look, with everything the controller does after it.
  public Outcome look(String name) {
    ObjectNode object = repository(name);
    Outcome outcome = engine.reconcile(object);
    object.set("status", outcome.status());
    if (Json.meta(object).get("annotations") instanceof ObjectNode annotations) {
      annotations.remove(outcome.answered());
    }
    ArrayNode finalizers = Json.meta(object).putArray("finalizers");
    if (outcome.finalizer()) {
      finalizers.add(GitRepository.FINALIZER);
    }
    cluster.put(object);
    return outcome;
  }

  /// Looks until the source has answered and nothing is asked again at once.
  public ObjectNode settle(String name) throws InterruptedException {
    woken.clear();
    for (int i = 0; i < 50; i++) {
      Outcome outcome = look(name);
      boolean fetching =
          Conditions.find(repository(name), "Ready")
              .filter(ready -> ready.reason().equals("Fetching"))
              .isPresent();
      if (fetching && woken.poll(30, TimeUnit.SECONDS) == null) {
        throw new IllegalStateException("the source gave no answer");
      }
      if (!fetching && !outcome.again().isZero()) {
        return repository(name);
      }
    }
    throw new IllegalStateException("never at rest: " + repository(name));
  }

  /// As a webhook does: asks the remote now, waits for the answer, and looks.
  public ObjectNode pull(String name) throws InterruptedException {
    pass(Duration.ofSeconds(2));
    woken.clear();
    ObjectKey key = new ObjectKey("default", name);
    engine.check(key);
    woken.clear();
    look(name);
    woken.poll(30, TimeUnit.SECONDS);
    return settle(name);
  }

  public String condition(String name, String type) {
    return Conditions.find(repository(name), type)
        .map(found -> found.status() + " " + found.reason())
        .orElse("absent");
  }

  public String message(String name, String type) {
    return Conditions.find(repository(name), type).map(Condition::message).orElse("");
  }

  @Override
  public void close() {
    engine.close();
  }
}
