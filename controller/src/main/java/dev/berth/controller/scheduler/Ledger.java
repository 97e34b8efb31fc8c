package dev.berth.controller.scheduler;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Requests;
import dev.berth.controller.resource.ListWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What is spoken for on each node, kept by the changes that are heard of: a decision costs by the
/// number of nodes, not of pods. It always equals [Snapshot#of] of the caches, together with the
/// pods that were promised to a node and are not yet seen there. Any thread.
final class Ledger {
  private final Map<String, ObjectNode> nodes = new TreeMap<>();
  private final Map<ObjectKey, Claim> claims = new HashMap<>();
  private final Map<ObjectKey, Claim> promises = new HashMap<>();
  private final Map<String, Requests> used = new HashMap<>();
  private @Nullable Snapshot snapshot;

  private record Claim(String uid, String node, Requests requests) {
    static Claim of(ObjectNode pod, String node) {
      return new Claim(Json.uid(pod), node, Requests.of(pod));
    }
  }

  synchronized void node(ListWatch.Change change) {
    String name = Json.name(change.after());
    if (change.deleted()) {
      nodes.remove(name);
    } else {
      nodes.put(name, change.after());
    }
    snapshot = null;
  }

  /// Counts what became of a pod.
  ///
  /// @return whether a promise ended and nothing came in its place
  synchronized boolean pod(ListWatch.Change change) {
    ObjectNode pod = change.after();
    ObjectKey key = ObjectKey.of(pod);
    boolean bound = !change.deleted() && Snapshot.isOnNode(pod);
    put(claims, key, bound ? Claim.of(pod, Snapshot.node(pod)) : null);
    boolean settled = change.deleted() || !Snapshot.node(pod).isEmpty();
    return settled && withdraw(key) && !bound;
  }

  /// Counts the pod on the node from now on, until it is seen there or [#withdraw] is called. Does
  /// nothing for one that was seen on its node before.
  synchronized void promise(ObjectNode pod, String node) {
    ObjectKey key = ObjectKey.of(pod);
    if (!claims.containsKey(key)) {
      put(promises, key, Claim.of(pod, node));
    }
  }

  /// The node that the pod was promised; what another pod of this name was promised does not count.
  synchronized Optional<String> promised(ObjectNode pod) {
    return Optional.ofNullable(promises.get(ObjectKey.of(pod)))
        .filter(claim -> claim.uid().equals(Json.uid(pod)))
        .map(Claim::node);
  }

  /// Takes back what the pod was promised.
  ///
  /// @return whether there was a promise
  synchronized boolean withdraw(ObjectKey pod) {
    boolean promised = promises.containsKey(pod);
    put(promises, pod, null);
    return promised;
  }

  private void put(Map<ObjectKey, Claim> of, ObjectKey key, @Nullable Claim next) {
    Claim before = next == null ? of.remove(key) : of.put(key, next);
    if (before != null) {
      used.compute(before.node(), (_, sum) -> without(sum, before.requests()));
    }
    if (next != null) {
      used.merge(next.node(), next.requests(), Requests::plus);
    }
    if (before != null || next != null) {
      snapshot = null;
    }
  }

  /// A name that nobody uses any more is forgotten.
  private static @Nullable Requests without(@Nullable Requests sum, Requests part) {
    Requests rest = sum == null ? Requests.NONE : sum.minus(part);
    return rest.equals(Requests.NONE) ? null : rest;
  }

  synchronized Snapshot snapshot() {
    if (snapshot == null) {
      List<Snapshot.Place> places = new ArrayList<>();
      nodes.forEach(
          (name, node) ->
              places.add(
                  new Snapshot.Place(
                      node, Requests.allocatable(node), used.getOrDefault(name, Requests.NONE))));
      snapshot = new Snapshot(places);
    }
    return snapshot;
  }
}
