/// Asking a container whether it has started, is ready, is alive: HTTP, TCP, a command inside it,
/// or the protocol of a model endpoint.
///
/// Invariant: a prober only reports; what follows from a result is the pod worker's decision. One
/// virtual thread for each probe, stopped with its container.
@NullMarked
package dev.berth.agent.probe;

import org.jspecify.annotations.NullMarked;
