/// Container scripts (Dockerfiles) to images: parse, expand, run each step, keep its layer, push.
///
/// Invariant: a step's layer is what overlay recorded above the layers before it; a step is taken
/// from the cache only when its parent, its text and its inputs are the same, and every step says
/// why it was or was not. RUN steps are containers like any other. One virtual thread for each
/// build.
@NullMarked
package dev.berth.agent.build;

import org.jspecify.annotations.NullMarked;
