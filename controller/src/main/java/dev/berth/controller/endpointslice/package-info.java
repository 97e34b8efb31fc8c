/// Lists the pods behind every Service that selects some: one EndpointSlice per set of ports.
/// Invariant: an address is ready in a slice only while its pod is ready and not on its way out.
/// Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.endpointslice;

import org.jspecify.annotations.NullMarked;
