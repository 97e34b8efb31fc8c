/// Keeps as many pods as a ReplicaSet wants: adopts fitting orphans, creates what is missing,
/// deletes what is too much (the least useful first), and reports the counts. Invariant: its pods
/// are those that it controls by owner reference. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.replicaset;

import org.jspecify.annotations.NullMarked;
