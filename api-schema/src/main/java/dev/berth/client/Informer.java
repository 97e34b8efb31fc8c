package dev.berth.client;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A local copy of some objects, kept by list and watch, and a handler that hears of every change
/// once.
///
/// ```
/// list ---> watch from its revision ---> the stream ends: watch again from the last revision seen
///  ^                                 |-> 410, or a revision of the future: list again, and tell
///  |_________________________________|   the handler only the differences
///                                    '-> anything else: back-off with jitter, then watch again
///                                        (list again where nothing was listed yet)
/// ```
///
/// The handler runs on the informer's one thread, in revision order; after a relist it hears
/// `deleted` for what went away unseen. A handler that throws is logged and does not stop the
/// informer. Objects are shared: never change them.
public final class Informer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
  private static final Duration LEAST_WAIT = Duration.ofMillis(100);
  private static final Duration MOST_WAIT = Duration.ofSeconds(15);

  /// Hears of changes; every method may be left as it is.
  public interface Handler {
    default void added(ObjectNode object) {}

    default void updated(ObjectNode old, ObjectNode object) {}

    default void deleted(ObjectNode last) {}
  }

  private final ApiClient client;
  private final ResourceType type;
  private final @Nullable String namespace;
  private final LabelSelector labels;
  private final FieldSelector fields;
  private final Handler handler;
  private final Map<ObjectKey, ObjectNode> objects = new ConcurrentHashMap<>();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Watch watch;
  private volatile String revision = "";

  private Informer(
      ApiClient client,
      ResourceType type,
      @Nullable String namespace,
      LabelSelector labels,
      FieldSelector fields,
      Handler handler) {
    this.client = client;
    this.type = type;
    this.namespace = namespace;
    this.labels = labels;
    this.fields = fields;
    this.handler = handler;
    this.thread = Thread.ofVirtual().name("informer-" + type.plural()).unstarted(this::run);
  }

  /// Starts at once; the server need not be there yet.
  public static Informer of(
      ApiClient client,
      ResourceType type,
      @Nullable String namespace,
      LabelSelector labels,
      FieldSelector fields,
      Handler handler) {
    Informer informer = new Informer(client, type, namespace, labels, fields, handler);
    informer.thread.start();
    return informer;
  }

  public List<ObjectNode> list() {
    return List.copyOf(objects.values());
  }

  public Optional<ObjectNode> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  public boolean hasSynced() {
    return synced.getCount() == 0;
  }

  /// Waits for the first complete list; false where it did not come in time.
  public boolean awaitSynced(Duration timeout) throws InterruptedException {
    return synced.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    Backoff backoff = new Backoff(LEAST_WAIT, MOST_WAIT, client.random());
    while (!isStopped()) {
      try {
        long before = changes;
        Optional<ApiError> end = listAndWatch();
        if (changes != before || end.isEmpty()) {
          backoff.reset();
        }
        end.ifPresent(this::note);
        pause(end.isPresent() ? backoff.next() : LEAST_WAIT);
      } catch (ApiException e) {
        note(e.error());
        pause(backoff.next());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private long changes;

  private Optional<ApiError> listAndWatch() throws InterruptedException {
    if (revision.isEmpty()) {
      relist();
    }
    WatchOptions options = new WatchOptions(labels, fields, revision, WatchOptions.DEFAULT_TIMEOUT);
    try (Watch open = client.watch(type, namespace, options, this::apply)) {
      watch = open;
      if (isStopped()) {
        return Optional.empty();
      }
      return open.awaitEnd();
    } finally {
      watch = null;
    }
  }

  private void note(ApiError error) {
    boolean ahead = error instanceof ApiError.Timeout timeout && timeout.isOfALaterRevision();
    if (error instanceof ApiError.Expired || ahead) {
      revision = "";
      return;
    }
    if (!isStopped()) {
      LOG.atDebug()
          .addKeyValue("kind", type.kind())
          .addKeyValue("error", error.message())
          .log("watch ended");
    }
  }

  private void relist() {
    ListResult found = client.list(type, namespace, ListOptions.selecting(labels, fields));
    Map<ObjectKey, ObjectNode> gone = new HashMap<>(objects);
    for (ObjectNode object : found.items()) {
      gone.remove(ObjectKey.of(object));
      put(object);
    }
    gone.values().forEach(this::remove);
    revision = found.resourceVersion();
    synced.countDown();
  }

  private void apply(WatchEvent event) {
    if (isStopped()) {
      return;
    }
    changes++;
    switch (event.type()) {
      case ADDED, MODIFIED -> put(event.object());
      case DELETED -> remove(event.object());
      case BOOKMARK -> {}
    }
    revision = Json.resourceVersion(event.object());
  }

  private void put(ObjectNode object) {
    ObjectNode old = objects.put(ObjectKey.of(object), object);
    if (old == null) {
      tell(() -> handler.added(object), object);
    } else if (!Json.resourceVersion(old).equals(Json.resourceVersion(object))) {
      tell(() -> handler.updated(old, object), object);
    }
  }

  private void remove(ObjectNode last) {
    if (objects.remove(ObjectKey.of(last)) != null) {
      tell(() -> handler.deleted(last), last);
    }
  }

  private void tell(Runnable call, ObjectNode object) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("kind", type.kind())
          .addKeyValue("name", ObjectKey.of(object))
          .setCause(e)
          .log("informer handler failed");
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      // Waiting for the stop is waiting for the time: whichever comes first ends it.
      if (stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the watch and the thread; the handler hears nothing after this returns, unless it is the
  /// caller.
  @Override
  public void close() {
    stop.countDown();
    Watch open = watch;
    if (open != null) {
      open.close();
    }
    thread.interrupt();
  }
}
