/// `debug`: every stage's view of one object (store, caches, queues, scheduler, the agent's
/// worker), as the server tells it. Invariant: what this Berth does not know yet is shown too, as
/// it came; a report that hides a field is worse than none. Called on the verb's own thread.
@NullMarked
package dev.berth.cli.debug;

import org.jspecify.annotations.NullMarked;
