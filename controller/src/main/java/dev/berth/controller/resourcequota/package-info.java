/// Keeps the status of ResourceQuotas: what they allow and what is used of it. Nothing is admitted
/// by what the status says, so it may lag. Invariant: the status is written by nobody else. Called
/// by the reconcile loop only.
@NullMarked
package dev.berth.controller.resourcequota;

import org.jspecify.annotations.NullMarked;
