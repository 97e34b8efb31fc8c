/// Removes what nobody owns any more: objects whose owners are all gone, and Events that are an
/// hour old. Also finishes deletions that asked to wait for dependants or to set them free.
/// Invariant: an object with one living owner stays. Called by the reconcile loops, one per kind.
@NullMarked
package dev.berth.controller.garbage;

import org.jspecify.annotations.NullMarked;
