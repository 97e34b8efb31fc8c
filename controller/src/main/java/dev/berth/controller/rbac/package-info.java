/// Keeps the roles that every cluster has, and the rules of roles that are put together from others
/// by their labels. Invariant: an aggregated ClusterRole holds the rules of exactly the roles that
/// its selectors match. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.rbac;

import org.jspecify.annotations.NullMarked;
