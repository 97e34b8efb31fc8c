/// What the engine asks of its surroundings, as small interfaces: the objects of the cluster,
/// Secrets, the repository of build contexts. The controller implements them; tests have an
/// in-memory cluster. Every call may come from any thread.
@NullMarked
package dev.berth.gitops.port;

import org.jspecify.annotations.NullMarked;
