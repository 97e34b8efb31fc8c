/// The agent's one connection to the API server, over which requests come to it: logs, build logs,
/// calls, metrics.
///
/// Invariant: the agent dials out and listens nowhere. Each stream has its own window of bytes in
/// flight, so that one slow reader blocks no other. A request runs on a virtual thread of its own;
/// frames are written under one lock.
@NullMarked
package dev.berth.agent.stream;

import org.jspecify.annotations.NullMarked;
