package dev.berth.controller.reconcile;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Keys that wait for work. A key waits at most once, and is never handed out while it is being
/// worked on: if it is added meanwhile it waits again as soon as that work is done.
final class WorkQueue<K> {
  private final LinkedHashSet<K> waiting = new LinkedHashSet<>();
  private final Set<K> processing = new HashSet<>();
  private final Set<K> again = new HashSet<>();

  /// True when the key can be taken now.
  synchronized boolean add(K key) {
    if (processing.contains(key)) {
      again.add(key);
      return false;
    }
    return waiting.add(key);
  }

  synchronized Optional<K> take() {
    Iterator<K> first = waiting.iterator();
    if (!first.hasNext()) {
      return Optional.empty();
    }
    K key = first.next();
    first.remove();
    processing.add(key);
    return Optional.of(key);
  }

  /// True when the key waits again.
  synchronized boolean done(K key) {
    processing.remove(key);
    return again.remove(key) && waiting.add(key);
  }

  synchronized boolean isRunning(K key) {
    return processing.contains(key);
  }

  synchronized boolean isWaiting(K key) {
    return waiting.contains(key) || again.contains(key);
  }
}
