/// This host as a Node: registration, capacity, conditions and the lease that proves it alive.
///
/// Invariant: only this room writes the Node's status and its lease. It runs on one thread of its
/// own; when the API is away it tries again every period and containers do not notice.
@NullMarked
package dev.berth.agent.node;

import org.jspecify.annotations.NullMarked;
