/// Watches over nodes: gives each its part of the pod network, and says that a node is not known to
/// live any more when its lease has gone stale. Invariant: no two nodes have the same addresses.
/// Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.nodelease;

import org.jspecify.annotations.NullMarked;
