/// Gives each namespace its ServiceAccount `default` and the cluster's CA certificate, and fills
/// the Secrets that ask for a token that does not expire. Invariant: such a Secret lives no longer
/// than its account. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
