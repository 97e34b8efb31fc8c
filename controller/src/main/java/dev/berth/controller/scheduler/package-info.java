/// Chooses a node for every pod that has none. The choice is a pure function of the pod and a
/// snapshot of nodes and what runs on them; around it a loop that binds, or says for each node why
/// it does not do. Invariant: the requests of the pods on a node never exceed what it has. One
/// decision at a time; called by the reconcile loop, and by informers that tell of changes.
@NullMarked
package dev.berth.controller.scheduler;

import org.jspecify.annotations.NullMarked;
