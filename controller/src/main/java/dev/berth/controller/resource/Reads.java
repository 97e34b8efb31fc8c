package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.controller.storage.Change.Kind;
import dev.berth.controller.storage.Feed;
import dev.berth.controller.storage.Range;
import dev.berth.controller.storage.RevisionGoneException;
import dev.berth.controller.storage.Store;
import dev.berth.controller.storage.Versioned;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Lists and watches, with the meaning that Kubernetes gives to their resource versions.
final class Reads implements ListWatch {
  private final Store store;
  private final ServedKinds kinds;

  Reads(Store store, ServedKinds kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  Listing all(ResourceType type) {
    return list(type, ListQuery.all(null));
  }

  Listing list(ResourceType type, ListQuery query) {
    Fields.requireSupported(type, query.fields());
    String prefix = StoreKeys.prefix(type, query.namespace());
    ContinueToken from =
        query.continueToken().isEmpty() ? null : ContinueToken.decode(query.continueToken());
    Range range = range(prefix, query, from);
    List<Item> matching =
        range.items().stream()
            .filter(v -> from == null || v.key().compareTo(from.afterKey()) > 0)
            .map(v -> kinds.item(type, v))
            .filter(item -> wanted(type, query, item.tree()))
            .toList();
    return page(query, matching, range.revision());
  }

  private static Listing page(ListQuery query, List<Item> matching, long revision) {
    if (query.limit() <= 0 || matching.size() <= query.limit()) {
      return new Listing(matching, revision, "", OptionalLong.empty());
    }
    List<Item> page = matching.subList(0, query.limit());
    String token = new ContinueToken(revision, page.getLast().storeKey()).encode();
    boolean exact = query.labels().isEverything() && query.fields().isEverything();
    OptionalLong remaining =
        exact ? OptionalLong.of(matching.size() - page.size()) : OptionalLong.empty();
    return new Listing(page, revision, token, remaining);
  }

  private Range range(String prefix, ListQuery query, @Nullable ContinueToken from) {
    if (from != null) {
      return from.revision() == 0 ? store.list(prefix) : continued(prefix, from);
    }
    long asked = revision(query.resourceVersion());
    requireNotFuture(asked);
    boolean exact = query.resourceVersionMatch().equals("Exact");
    if (!exact) {
      return store.list(prefix);
    }
    try {
      return store.list(prefix, asked);
    } catch (RevisionGoneException e) {
      throw Resources.expired(e, null);
    }
  }

  private Range continued(String prefix, ContinueToken from) {
    requireNotFuture(from.revision());
    try {
      return store.list(prefix, from.revision());
    } catch (RevisionGoneException e) {
      throw Resources.expired(e, new ContinueToken(0, from.afterKey()).encode());
    }
  }

  WatchFeed watch(ResourceType type, ListQuery query, boolean initial, Runnable signal) {
    Fields.requireSupported(type, query.fields());
    String prefix = StoreKeys.prefix(type, query.namespace());
    long asked = revision(query.resourceVersion());
    requireNotFuture(asked);
    if (!initial) {
      return new WatchFeed(
          type, query, feed(prefix, asked, signal), List.of(), v -> kinds.item(type, v));
    }
    Range now = store.list(prefix);
    List<Item> present =
        now.items().stream()
            .map(v -> kinds.item(type, v))
            .filter(item -> wanted(type, query, item.tree()))
            .toList();
    return new WatchFeed(
        type, query, feed(prefix, now.revision(), signal), present, v -> kinds.item(type, v));
  }

  private Feed feed(String prefix, long after, Runnable signal) {
    try {
      return store.watch(prefix, after, signal);
    } catch (RevisionGoneException e) {
      throw Resources.expired(e, null);
    }
  }

  private static boolean wanted(ResourceType type, ListQuery query, ObjectNode tree) {
    return query.labels().matches(Json.labels(tree)) && Fields.matches(type, query.fields(), tree);
  }

  private static long revision(String text) {
    try {
      long revision = text.isEmpty() ? 0 : Long.parseLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // Refused below, together with negative numbers.
    }
    throw new ApiException(
        new ApiError.BadRequest(
            "invalid resource version \"" + text + "\": not a number that this server gave out"));
  }

  private void requireNotFuture(long asked) {
    long current = store.revision();
    if (asked > current) {
      throw new ApiException(ApiError.Timeout.resourceVersionTooLarge(asked, current));
    }
  }

  @Override
  public Snapshot list(ResourceType type) {
    Range range = store.list(StoreKeys.prefix(type, null));
    return new Snapshot(range.items().stream().map(v -> shown(type, v)).toList(), range.revision());
  }

  @Override
  public Changes watch(ResourceType type, long after, Runnable signal) {
    return new StoreChanges(feed(StoreKeys.prefix(type, null), after, signal), v -> shown(type, v));
  }

  private ObjectNode shown(ResourceType type, Versioned stored) {
    return kinds.item(type, stored).tree();
  }

  private record StoreChanges(Feed feed, Function<Versioned, ObjectNode> shown) implements Changes {
    @Override
    public List<Step> poll(int max) {
      try {
        return feed.poll(max).stream().map(this::step).toList();
      } catch (RevisionGoneException e) {
        throw Resources.expired(e, null);
      }
    }

    @Override
    public long revision() {
      return feed.reached();
    }

    /// What was before, the follower knows.
    private Step step(dev.berth.controller.storage.Change change) {
      return new Step(change.kind() == Kind.DELETED, shown.apply(change.after()));
    }

    @Override
    public boolean isPending() {
      return feed.isSignalled();
    }

    @Override
    public void close() {
      feed.close();
    }
  }
}
