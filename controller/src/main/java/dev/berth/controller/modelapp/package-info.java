/// Expands a ModelApp into Deployments, Services and EndpointSlices, moves traffic between
/// revisions of its model, and says in its status what is true and, where something is wrong, the
/// fix. Invariant: a revision gets traffic only through ready replicas, and a condition is True
/// only when it was seen to be. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.modelapp;

import org.jspecify.annotations.NullMarked;
