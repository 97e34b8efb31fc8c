/// From wanted objects to a cluster that has them: what differs, in which order it is written, what
/// may be deleted, whether what runs is well. The decisions are pure functions of what was observed
/// and the time; `Comparison` and `Executor` do the asking and the writing. Invariant: applied
/// twice nothing is written the second time, and nothing is deleted that the last complete sync did
/// not own. Called by the engine, one thread per repository.
@NullMarked
package dev.berth.gitops.sync;

import org.jspecify.annotations.NullMarked;
