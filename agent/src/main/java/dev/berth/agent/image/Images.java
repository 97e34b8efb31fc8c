package dev.berth.agent.image;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.ImageRef;
import dev.berth.api.Reason;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// From a name to an image that is here. A pull streams each layer from the registry through both
/// digests into the store; nothing compressed touches the disk. Equal layers that are pulled twice
/// at once cost time, never correctness.
public final class Images {
  /// So long may a download bring nothing.
  private static final Duration STALL = Duration.ofSeconds(60);

  private static final int PARALLEL = 3;

  /// Overlay takes the names of all lower directories in one page of options.
  private static final int MAX_LAYERS = 110;

  private final ContentStore store;
  private final ImageNames names;
  private final Registries registries;
  private final Semaphore downloads = new Semaphore(PARALLEL);

  public Images(ContentStore store, ImageNames names, Registries registries) {
    this.store = store;
    this.names = names;
    this.registries = registries;
  }

  public ContentStore store() {
    return store;
  }

  public Map<String, Digest> names() {
    return names.all();
  }

  /// The image if its digest is known for this name and it is complete here; asks no registry.
  public Optional<Image> local(String namespace, String name) {
    Optional<Digest> pinned = ImageRef.parse(name).digest();
    return pinned
        .or(() -> names.find(namespace, name))
        .flatMap(store::find)
        .filter(i -> pinned.isEmpty() || !i.source().startsWith("bootstrap"));
  }

  /// Resolves the name, fetches what is missing. Throws an [ImageException] that says which places
  /// were asked.
  public Image pull(String namespace, String name, Progress progress) {
    ImageRef ref = ImageRef.parse(name);
    List<Refusal> refusals = new ArrayList<>();
    for (Origin origin : Origin.of(ref, namespace)) {
      Optional<Image> found = from(origin, ref, progress, refusals);
      if (found.isPresent()) {
        names.put(namespace, name, found.get().digest());
        return found.get();
      }
    }
    throw refused(namespace, name, ref, refusals);
  }

  private ImageException refused(
      String namespace, String name, ImageRef ref, List<Refusal> refusals) {
    List<String> near = new ArrayList<>(nearest(namespace, ref, refusals));
    near.addAll(elsewhere(ref, refusals));
    // A name that is near one of ours is a slip of the pen, whoever else could not be asked.
    Optional<Reason> reason =
        near.isEmpty() ? Refusal.reason(refusals) : Optional.of(Reason.IMAGE_NOT_FOUND);
    if (reason.equals(Optional.of(Reason.NO_SPACE))) {
      return new ImageException(reason, "image " + name + " does not fit: " + store.full());
    }
    String said = String.join("; ", refusals.stream().map(Refusal::text).toList());
    return new ImageException(
        reason,
        "image "
            + name
            + ": "
            + said
            + (near.isEmpty() ? "" : "; nearest: " + String.join(", ", near)));
  }

  private List<String> nearest(String namespace, ImageRef ref, List<Refusal> refusals) {
    boolean absent =
        Refusal.reason(refusals)
            .filter(r -> r == Reason.IMAGE_NOT_FOUND || r == Reason.REGISTRY_UNREACHABLE)
            .isPresent();
    boolean ours = ref.host().isEmpty() || ref.host().get().equals(Origin.HUB);
    return absent && ours
        ? NearbyImages.of(ref, namespace, registries.repositories(), registries::tags)
        : List.of();
  }

  /// Other tags of a repository that somebody else's registry does have.
  private List<String> elsewhere(ImageRef ref, List<Refusal> refusals) {
    if (ref.host().isEmpty()
        || ref.host().get().equals(Origin.HUB)
        || !Refusal.reason(refusals).equals(Optional.of(Reason.IMAGE_NOT_FOUND))) {
      return List.of();
    }
    String name = ref.host().get() + "/" + ref.repository();
    return registries.tags(new Origin.Remote(ref.host().get(), ref.repository())).stream()
        .limit(3)
        .map(tag -> name + ":" + tag)
        .toList();
  }

  private Optional<Image> from(
      Origin origin, ImageRef ref, Progress progress, List<Refusal> refusals) {
    Optional<Registry> registry = registries.of(origin);
    if (registry.isEmpty()) {
      refusals.add(Refusal.notFound(origin + " was not asked (offline)"));
      return Optional.empty();
    }
    try {
      Optional<Registry.Manifest> found =
          registry.get().manifest(origin.repository(), reference(ref));
      if (found.isEmpty()) {
        refusals.add(Refusal.notFound("not in " + origin));
        return Optional.empty();
      }
      Registry.Manifest manifest =
          Manifests.forPlatform(registry.get(), origin.repository(), found.get());
      if (ref.digest().isPresent() && Manifests.substitute(manifest)) {
        refusals.add(
            Refusal.notFound(origin + " has only a substitute, which a digest does not accept"));
        return Optional.empty();
      }
      return Optional.of(fetch(registry.get(), origin, manifest, progress));
    } catch (IOException
        | ApiException
        | ErrnoException
        | ImageException
        | UncheckedIOException
        | JacksonException
        | IllegalArgumentException e) {
      refusals.add(Refusal.of(origin, registry.get().base(), ref.host().isEmpty(), e));
      return Optional.empty();
    }
  }

  private static String reference(ImageRef ref) {
    return ref.digest().map(Digest::toString).or(ref::tag).orElse("latest");
  }

  private Image fetch(
      Registry registry, Origin origin, Registry.Manifest manifest, Progress progress)
      throws IOException {
    String repository = origin.repository();
    Optional<Image> here = store.find(manifest.digest());
    if (here.isPresent()) {
      return here.get();
    }
    JsonNode tree = manifest.tree();
    Digest configDigest = Digest.parse(tree.path("config").path("digest").asString());
    byte[] config;
    try (InputStream in = new StallGuard(registry.blob(repository, configDigest), STALL)) {
      config = in.readNBytes(4 << 20);
    }
    if (!configDigest.matches(config)) {
      throw new IOException("config digest mismatch: expected " + configDigest);
    }
    ImageConfig read = ImageConfig.read(config);
    if (!Manifests.platform(read.tree()).fits(Platform.HOST)) {
      throw new ImageException(
          Reason.WRONG_PLATFORM,
          "the image is for " + Manifests.platform(read.tree()) + ", wanted is " + Platform.HOST);
    }
    List<Digest> diffIds = read.diffIds();
    if (diffIds.size() != tree.path("layers").size()) {
      throw new IOException(
          "the manifest has "
              + tree.path("layers").size()
              + " layers, the config "
              + diffIds.size());
    }
    if (diffIds.size() > MAX_LAYERS) {
      throw new IOException(
          "the image has " + diffIds.size() + " layers; at most " + MAX_LAYERS + " are supported");
    }
    layers(registry, repository, tree.path("layers"), diffIds, progress);
    return store.addImage(manifest.digest(), manifest.bytes(), config, Optional.of(origin));
  }

  private void layers(
      Registry registry,
      String repository,
      JsonNode layers,
      List<Digest> diffIds,
      Progress progress)
      throws IOException {
    Map<Digest, JsonNode> missing = new HashMap<>();
    for (int i = 0; i < diffIds.size(); i++) {
      if (!store.hasLayer(diffIds.get(i))) {
        missing.put(diffIds.get(i), layers.get(i));
      }
    }
    long total = missing.values().stream().mapToLong(l -> l.path("size").asLong(0)).sum();
    AtomicLong done = new AtomicLong();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            PARALLEL, Thread.ofPlatform().name("layer-", 0).daemon().factory())) {
      List<Future<?>> tasks = new ArrayList<>();
      missing.forEach(
          (diffId, layer) ->
              tasks.add(
                  pool.submit(
                      () -> {
                        downloads.acquire();
                        try (InputStream in =
                            new Announced(
                                new StallGuard(
                                    registry.blob(
                                        repository, Digest.parse(layer.path("digest").asString())),
                                    STALL),
                                layer.path("size").asLong(0),
                                n -> progress.at(done.addAndGet(n), total))) {
                          store.addLayer(diffId, in);
                        } finally {
                          downloads.release();
                        }
                        return null;
                      })));
      for (Future<?> task : tasks) {
        await(task);
      }
    }
  }

  private static void await(Future<?> task) throws IOException {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      String message = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException(message == null ? e.toString() : message, e);
    }
  }
}
