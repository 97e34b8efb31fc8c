/// The `ImageBuild` as records: what a container script and its context become, and how far the
/// build is. The spec is written by `berth apply` (the node by the build reconciler), the status by
/// the agent that builds. Immutable values, any thread.
@NullMarked
package dev.berth.api.build;

import org.jspecify.annotations.NullMarked;
