/// The pods of this host: one worker for each, from the API's wish to running containers and back
/// to a status.
///
/// Invariant: a pod's state is touched by its worker's thread alone; everybody else posts to its
/// mailbox. What a worker must know after a crash lies in the containers' state directories and the
/// sandbox; it adopts from there before it acts.
@NullMarked
package dev.berth.agent.pod;

import org.jspecify.annotations.NullMarked;
