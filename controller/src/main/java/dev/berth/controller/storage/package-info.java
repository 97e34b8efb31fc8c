/// The one place that orders writes. Owns the [Store] port, the in-memory multi-version core behind
/// it and the SQLite log that makes an acknowledged write durable. Invariant: revisions only grow,
/// a write is visible to every later read, and a watch sees every change once, in order, or is told
/// that its revision is gone. Called by `resource` only, from any thread; one writer thread
/// commits.
@NullMarked
package dev.berth.controller.storage;

import org.jspecify.annotations.NullMarked;
