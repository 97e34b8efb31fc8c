/// Empties a namespace that is being deleted, then lets it go. Invariant: a namespace goes only
/// when nothing is left in it. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.namespace;

import org.jspecify.annotations.NullMarked;
