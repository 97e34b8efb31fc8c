/// A container from its description to its exit: the compiler that turns it into a list of system
/// calls, and the verbs create, start, signal, delete, adopt and exec, one class each.
///
/// Invariant: what a container is, is decided here in Java as a value
/// ([dev.berth.agent.container.Program]); `init` only interprets it, and its resident half, the
/// keeper, owns logs and exit status, so that a container outlives the agent. All that is known of
/// a container lies in its state directory: a second agent adopts from there. Callers are the pod
/// workers and the builder; a start blocks for some milliseconds.
@NullMarked
package dev.berth.agent.container;

import org.jspecify.annotations.NullMarked;
