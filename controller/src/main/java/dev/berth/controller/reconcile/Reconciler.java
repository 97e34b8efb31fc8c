package dev.berth.controller.reconcile;

import dev.berth.api.ObjectKey;

/// Brings one object closer to what its spec says. It is called with a key, not with a change: it
/// looks at what is, plans, acts, and may be called again at any time. It is never called for the
/// same key by two threads.
@FunctionalInterface
public interface Reconciler {
  Result reconcile(ObjectKey key);
}
