/// The network of this host's pods: bridge, addresses, a pool of ready namespaces, one nftables
/// table for service addresses and policy, and the cluster's names.
///
/// Every pod's link is routed by itself and no bridge lies between two pods, so each packet passes
/// our rules, whatever the host's bridge settings. Invariant: kernel state is derived: rules are
/// rebuilt from the API at start, pods' namespaces are found again by their directories under the
/// run directory. Rules are written by one thread at a time; only the filler's throw-away threads
/// ever change a namespace.
@NullMarked
package dev.berth.agent.network;

import org.jspecify.annotations.NullMarked;
