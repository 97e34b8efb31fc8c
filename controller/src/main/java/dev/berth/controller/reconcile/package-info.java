/// What all reconcilers share: caches that follow the store, a queue that never runs one key twice
/// at once, the loop that turns results into retries, the actions that plans consist of, and
/// events. Invariant: a reconcile starts from everything that was committed before it began. Time
/// and threads come from a [TaskRunner]: virtual threads in production, one seeded queue in the
/// simulation.
@NullMarked
package dev.berth.controller.reconcile;

import org.jspecify.annotations.NullMarked;
