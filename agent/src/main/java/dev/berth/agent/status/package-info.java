/// The single writer of pod status and of events about what happens on this host.
///
/// Invariant: for each pod the newest status wins and is written until the server has it, whatever
/// fails in between; intermediate ones may be skipped. Pod workers hand over and never wait.
@NullMarked
package dev.berth.agent.status;

import org.jspecify.annotations.NullMarked;
