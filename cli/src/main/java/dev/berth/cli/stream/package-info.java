/// The verbs that talk to what runs in a pod: `exec`, `cp`, `port-forward`. One WebSocket to the
/// API server for each command or connection, in Kubernetes' channel protocols, so that whatever
/// serves Kubernetes serves them too. Invariant: what comes from a container goes to the streams as
/// it is, since that is what was asked for; what is said about it is escaped like all else. A
/// terminal is given back as it was, however it ends. Input has a thread of its own, output comes
/// on the WebSocket's.
@NullMarked
package dev.berth.cli.stream;

import org.jspecify.annotations.NullMarked;
