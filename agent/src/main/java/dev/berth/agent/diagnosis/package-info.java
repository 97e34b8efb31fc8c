/// What a failure means: facts that others have gathered go in, a reason and one sentence come out.
///
/// Invariant: nothing here does I/O or knows the time; the sentence states facts with their values
/// and never the fix, which `dev.berth.api.why` adds for whoever asks. Called by the pod's worker,
/// the probes and the image room, on any thread.
@NullMarked
package dev.berth.agent.diagnosis;

import org.jspecify.annotations.NullMarked;
