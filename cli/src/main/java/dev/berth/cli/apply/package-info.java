/// The verbs that change: `apply`, `build`, `delete`. Reading manifests, packing and pushing
/// contexts, deciding between create and patch, and watching a rollout are separate steps; what is
/// shown and when a rollout has failed are pure functions of the objects (`AppView`). Invariant:
/// nothing is sent before every manifest and context is known to be well. Main thread; informers
/// bring the objects on threads of their own.
@NullMarked
package dev.berth.cli.apply;

import org.jspecify.annotations.NullMarked;
