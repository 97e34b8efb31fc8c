/// Keeps the Service `default/kubernetes`, under which pods find the API, and where it leads.
/// Invariant: its address is the first of the service network and it leads to the address under
/// which other hosts reach this controller, or nowhere while there is none. Called by the reconcile
/// loop only.
@NullMarked
package dev.berth.controller.kubernetesservice;

import org.jspecify.annotations.NullMarked;
