/// Runs the pods of a Job until enough of them have succeeded or too many have failed. Invariant:
/// each pod that ended is counted exactly once, also when it is deleted meanwhile: a finalizer
/// keeps it until the count that includes it is stored. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.job;

import org.jspecify.annotations.NullMarked;
