/// The `GitRepository` as records: where manifests come from and how they are applied.
/// `GitRepository.read` takes a tree that the schema has accepted and applies the defaults on the
/// way; nothing is written back. `GitWords` is what people read of its status, the same in every
/// table and page. Immutable values, any thread.
@NullMarked
package dev.berth.api.gitops;

import org.jspecify.annotations.NullMarked;
