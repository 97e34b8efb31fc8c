package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.probe.Probe;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What this agent reads of a Pod.
///
/// @param containers all of them, in the order in which they begin
record PodSpec(
    ObjectKey key,
    String uid,
    ObjectNode object,
    List<ContainerWish> containers,
    RestartPolicy restartPolicy,
    Duration grace,
    boolean deleting,
    String hostname) {
  private static final int DEFAULT_GRACE_SECONDS = 30;

  enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }

  /// What a container is to its pod.
  enum Role {
    /// Runs to its end before the next one begins.
    INIT,
    /// An init container that goes on beside the others.
    SIDECAR,
    MAIN
  }

  /// One container, as wished for.
  ///
  /// @param startTime how long it may take until it answers; zero when nobody has said
  record ContainerWish(
      String name,
      Role role,
      String image,
      List<String> command,
      List<String> args,
      String workingDirectory,
      String pullPolicy,
      Limits limits,
      OptionalLong diskBytes,
      Optional<Probe> startup,
      Optional<Probe> readiness,
      Optional<Probe> liveness,
      Duration startTime,
      JsonNode tree) {}

  static PodSpec read(ObjectNode pod) {
    JsonNode spec = pod.path("spec");
    boolean deleting = Json.isDeleting(pod);
    int seconds = spec.path("terminationGracePeriodSeconds").asInt(DEFAULT_GRACE_SECONDS);
    if (deleting) {
      seconds = pod.path("metadata").path("deletionGracePeriodSeconds").asInt(seconds);
    }
    Map<String, String> annotations = Json.annotations(pod);
    List<ContainerWish> containers =
        Stream.concat(
                spec.path("initContainers")
                    .valueStream()
                    .map(c -> container(c, role(c), annotations)),
                spec.path("containers")
                    .valueStream()
                    .map(c -> container(c, Role.MAIN, annotations)))
            .toList();
    String hostname = spec.path("hostname").asString("");
    return new PodSpec(
        ObjectKey.of(pod),
        Json.uid(pod),
        pod,
        containers,
        policy(spec),
        Duration.ofSeconds(seconds),
        deleting,
        hostname.isEmpty() ? shortened(Json.name(pod)) : hostname);
  }

  boolean hasInit() {
    return containers.stream().anyMatch(c -> c.role() != Role.MAIN);
  }

  /// The kernel takes 64 bytes.
  private static String shortened(String name) {
    return name.length() <= 63 ? name : name.substring(0, 63);
  }

  private static RestartPolicy policy(JsonNode spec) {
    return switch (spec.path("restartPolicy").asString("Always")) {
      case "Never" -> RestartPolicy.NEVER;
      case "OnFailure" -> RestartPolicy.ON_FAILURE;
      default -> RestartPolicy.ALWAYS;
    };
  }

  private static Role role(JsonNode initContainer) {
    return Json.text(initContainer, "restartPolicy").equals("Always") ? Role.SIDECAR : Role.INIT;
  }

  private static ContainerWish container(JsonNode c, Role role, Map<String, String> annotations) {
    String image = Json.text(c, "image");
    Optional<Probe> readiness =
        Probe.read(c.path("readinessProbe"), c)
            .map(p -> inProtocol(p, c, annotations))
            .or(() -> endpoint(c, annotations));
    return new ContainerWish(
        Json.text(c, "name"),
        role,
        image,
        strings(c.path("command")),
        strings(c.path("args")),
        Json.text(c, "workingDir"),
        pullPolicy(c, image),
        limits(c.path("resources")),
        disk(c.path("resources")),
        Probe.read(c.path("startupProbe"), c)
            .map(p -> inProtocol(p, c, annotations))
            .or(() -> detection(c, annotations)),
        readiness,
        Probe.read(c.path("livenessProbe"), c),
        startTime(c, annotations),
        c);
  }

  private static Duration startTime(JsonNode c, Map<String, String> annotations) {
    Duration given = startTimeout(annotations).orElse(Duration.ZERO);
    Duration probed = Probe.read(c.path("startupProbe"), c).map(Probe::lasts).orElse(Duration.ZERO);
    return given.compareTo(probed) >= 0 ? given : probed;
  }

  private static Optional<Duration> startTimeout(Map<String, String> annotations) {
    String seconds = annotations.getOrDefault("berth.dev/startup-timeout", "");
    return seconds.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  /// A model container without a probe of its own is asked in its protocol.
  private static Optional<Probe> endpoint(JsonNode c, Map<String, String> annotations) {
    String protocol = annotations.getOrDefault("berth.dev/protocol", "");
    if (protocol.isEmpty() || !Json.text(c, "name").equals("model")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(annotations.getOrDefault("berth.dev/port", "8080"));
    String base = annotations.getOrDefault("berth.dev/base-path", "");
    return Optional.of(
        Probe.every(
            Duration.ofSeconds(5),
            new Probe.Handler.Endpoint(
                protocol,
                annotations.getOrDefault("berth.dev/model-name", ""),
                base.equals("/") ? "" : base,
                port)));
  }

  /// A probe that asks a declared protocol's own path is asked as that protocol's question: a bare
  /// status says neither which models a server has nor what it speaks instead.
  private static Probe inProtocol(Probe probe, JsonNode c, Map<String, String> annotations) {
    return endpoint(c, annotations)
        .map(Probe::handler)
        .filter(h -> h instanceof Probe.Handler.Endpoint e && asks(probe, e))
        .map(probe::asking)
        .orElse(probe);
  }

  private static boolean asks(Probe probe, Probe.Handler.Endpoint e) {
    String path =
        switch (e.protocol()) {
          case "open-inference" -> e.basePath() + "/v2/models/" + e.modelName() + "/ready";
          case "openai" -> e.basePath() + "/v1/models";
          default -> "";
        };
    return probe.handler() instanceof Probe.Handler.Http h
        && h.port() == e.port()
        && h.path().equals(path);
  }

  /// Finding out the protocol of a model has the time that its start has, and no more.
  private static Optional<Probe> detection(JsonNode c, Map<String, String> annotations) {
    boolean auto = annotations.getOrDefault("berth.dev/protocol", "").equals("auto");
    return startTimeout(annotations)
        .filter(_ -> auto)
        .flatMap(limit -> endpoint(c, annotations).map(p -> p.within(limit)));
  }

  private static String pullPolicy(JsonNode c, String image) {
    String policy = Json.text(c, "imagePullPolicy");
    boolean latest =
        image.endsWith(":latest")
            || (!image.contains("@") && image.lastIndexOf(':') <= image.lastIndexOf('/'));
    return policy.isEmpty() ? latest ? "Always" : "IfNotPresent" : policy;
  }

  private static Limits limits(JsonNode resources) {
    Optional<Quantity> cpu = quantity(resources, "limits", "cpu");
    Optional<Quantity> memory = quantity(resources, "limits", "memory");
    long request =
        quantity(resources, "requests", "cpu").or(() -> cpu).map(Quantity::milli).orElse(100L);
    return new Limits(
        request,
        cpu.map(q -> OptionalLong.of(q.milli())).orElse(OptionalLong.empty()),
        memory.map(q -> OptionalLong.of(q.value())).orElse(OptionalLong.empty()),
        Limits.DEFAULT_PIDS);
  }

  /// How much it may write into its root and its log.
  private static OptionalLong disk(JsonNode resources) {
    return quantity(resources, "limits", "ephemeral-storage")
        .map(q -> OptionalLong.of(q.value()))
        .orElse(OptionalLong.empty());
  }

  private static Optional<Quantity> quantity(JsonNode resources, String kind, String name) {
    JsonNode value = resources.path(kind).path(name);
    return value.isMissingNode() ? Optional.empty() : Quantity.tryParse(value.asString());
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
