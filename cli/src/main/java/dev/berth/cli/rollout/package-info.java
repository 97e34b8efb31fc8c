/// `rollout history` and `rollout undo`: the templates that a Deployment has had, and the way back
/// to one. A revision is a ReplicaSet that the Deployment controls, as in Kubernetes, so what
/// kubectl did is seen here and the other way round. Of a ModelApp it is the manifest that was
/// applied before the last one. Invariant: what belongs to a ModelApp or to a Git repository is not
/// undone behind its back: it would only be set again. Main thread.
@NullMarked
package dev.berth.cli.rollout;

import org.jspecify.annotations.NullMarked;
