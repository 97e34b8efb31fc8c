package dev.berth.agent.volume;

import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// References as the API server answers them. An object that volumes follow is watched alone, by
/// name, once for all pods of this host: a node may see only what its own pods name. While the
/// server is away, or does not let this node watch, nothing is told, and `find` still asks.
public final class ApiReferences implements References, AutoCloseable {
  private final ApiClient api;
  private final Function<String, Quantity> allocatable;
  private final Supplier<List<ObjectNode>> services;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();

  private record Followed(Informer informer, Set<Runnable> listeners) {}

  /// @param services known without asking
  public ApiReferences(
      ApiClient api, Function<String, Quantity> allocatable, Supplier<List<ObjectNode>> services) {
    this.api = api;
    this.allocatable = allocatable;
    this.services = services;
  }

  private static ResourceType type(String kind) {
    return kind.equals("Secret") ? Kinds.SECRET : Kinds.CONFIG_MAP;
  }

  @Override
  public Optional<ObjectNode> find(String kind, String namespace, String name) {
    return api.find(type(kind), new ObjectKey(namespace, name));
  }

  @Override
  public Optional<ObjectNode> current(String kind, String namespace, String name) {
    return Optional.ofNullable(followed.get(key(kind, namespace, name)))
        .flatMap(one -> one.informer().get(new ObjectKey(namespace, name)))
        .or(() -> find(kind, namespace, name));
  }

  private static String key(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  @Override
  public Quantity allocatable(String resource) {
    return allocatable.apply(resource);
  }

  @Override
  public List<ObjectNode> services() {
    return services.get();
  }

  @Override
  public Following follow(String kind, String namespace, String name, Runnable changed) {
    String key = key(kind, namespace, name);
    followed.compute(
        key,
        (_, known) -> {
          Followed one = known == null ? begin(kind, namespace, name) : known;
          one.listeners().add(changed);
          return one;
        });
    return () -> forget(key, changed);
  }

  private Followed begin(String kind, String namespace, String name) {
    Set<Runnable> listeners = new CopyOnWriteArraySet<>();
    Informer informer =
        Informer.of(
            api,
            type(kind),
            namespace,
            LabelSelector.EVERYTHING,
            named(name),
            new Telling(listeners));
    return new Followed(informer, listeners);
  }

  /// Not parsed: what a pod names may hold commas.
  static FieldSelector named(String name) {
    return FieldSelector.equal("metadata.name", name);
  }

  private record Telling(Set<Runnable> listeners) implements Informer.Handler {
    @Override
    public void added(ObjectNode object) {
      listeners.forEach(Runnable::run);
    }

    @Override
    public void updated(ObjectNode old, ObjectNode object) {
      listeners.forEach(Runnable::run);
    }

    @Override
    public void deleted(ObjectNode last) {
      listeners.forEach(Runnable::run);
    }
  }

  private void forget(String key, Runnable changed) {
    followed.computeIfPresent(
        key,
        (_, one) -> {
          one.listeners().remove(changed);
          if (!one.listeners().isEmpty()) {
            return one;
          }
          one.informer().close();
          return null;
        });
  }

  /// TokenRequest (kubernetes.io: "TokenRequest v1"), bound to the pod.
  @Override
  public Token token(TokenWish wish) {
    ObjectNode request =
        Json.object().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    ObjectNode spec = request.putObject("spec").put("expirationSeconds", wish.seconds());
    ArrayNode audiences = spec.putArray("audiences");
    wish.audiences().forEach(audiences::add);
    spec.putObject("boundObjectRef")
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("name", wish.pod())
        .put("uid", wish.podUid());
    JsonNode status = asked(wish, request).path("status");
    return new Token(
        Json.text(status, "token"), Instant.parse(Json.text(status, "expirationTimestamp")));
  }

  private ObjectNode asked(TokenWish wish, ObjectNode request) {
    ObjectKey account = new ObjectKey(wish.namespace(), wish.account());
    try {
      return api.create(Kinds.SERVICE_ACCOUNT, account, "token", request);
    } catch (ApiException e) {
      throw new MissingReferenceException(
          "no token of service account " + account + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    followed.values().forEach(one -> one.informer().close());
    followed.clear();
  }
}
