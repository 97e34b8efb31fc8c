package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.LabelSelector;
import dev.berth.api.ResourceType;
import dev.berth.controller.storage.Change;
import dev.berth.controller.storage.Feed;
import dev.berth.controller.storage.RevisionGoneException;
import dev.berth.controller.storage.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The events of one watch: first the present objects where they were asked for, then the changes.
/// An object that leaves the selector is seen as deleted, one that enters it as added.
public final class WatchFeed implements AutoCloseable {
  private final ResourceType type;
  private final ListQuery query;
  private final Feed feed;
  private final List<WatchEvent> initial;
  private final Function<Versioned, Item> reading;
  private final boolean everything;

  /// @param reading how a stored object is shown to this reader
  WatchFeed(
      ResourceType type,
      ListQuery query,
      Feed feed,
      List<Item> present,
      Function<Versioned, Item> reading) {
    this.reading = reading;
    this.everything =
        query.labels().equals(LabelSelector.EVERYTHING)
            && query.fields().equals(FieldSelector.EVERYTHING);
    this.type = type;
    this.query = query;
    this.feed = feed;
    this.initial =
        present.stream().map(item -> new WatchEvent(WatchEvent.Type.ADDED, item)).toList();
  }

  public List<WatchEvent> initial() {
    return initial;
  }

  /// The next events; empty only when there are no more changes.
  ///
  /// @throws ApiException with `Expired` when the reader fell behind the history
  public List<WatchEvent> poll(int max) {
    try {
      List<WatchEvent> events = new ArrayList<>();
      List<Change> changes;
      do {
        changes = feed.poll(max);
        changes.forEach(change -> event(change).ifPresent(events::add));
      } while (events.isEmpty() && !changes.isEmpty());
      return events;
    } catch (RevisionGoneException e) {
      throw new ApiException(new ApiError.Expired(String.valueOf(e.getMessage())), e);
    }
  }

  /// Every change up to here was polled: what a bookmark says.
  public long position() {
    return feed.position();
  }

  private Optional<WatchEvent> event(Change change) {
    boolean now = change.kind() != Change.Kind.DELETED && wanted(change.after());
    boolean before = change.before() != null && wanted(change.before());
    if (now) {
      return Optional.of(
          new WatchEvent(
              before ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, item(change.after())));
    }
    return before
        ? Optional.of(new WatchEvent(WatchEvent.Type.DELETED, lastSeen(change)))
        : Optional.empty();
  }

  private Item lastSeen(Change change) {
    Versioned before = change.before();
    if (change.kind() == Change.Kind.DELETED || before == null) {
      return item(change.after());
    }
    byte[] bytes = Encoding.withRevision(before.bytes(), change.revision());
    return item(new Versioned(change.key(), bytes, change.revision()));
  }

  private Item item(Versioned value) {
    return reading.apply(value);
  }

  /// Without a selector no tree is made of the bytes.
  private boolean wanted(Versioned value) {
    return everything
        || (query.labels().matches(value.labels())
            && (query.fields().equals(FieldSelector.EVERYTHING)
                || Fields.matches(type, query.fields(), value.tree())));
  }

  @Override
  public void close() {
    feed.close();
  }
}
