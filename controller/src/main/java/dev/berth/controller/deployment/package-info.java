/// Brings a Deployment's pods from one template to the next without falling below what must stay
/// available: one ReplicaSet per template, the new one up and the old ones down step by step.
/// Invariant: the replicas asked of all its ReplicaSets stay within surge and unavailability.
/// Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.deployment;

import org.jspecify.annotations.NullMarked;
