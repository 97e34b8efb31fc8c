/// Build contexts out of a commit: the folder that a ModelApp names is packed as `berth apply`
/// packs it from disk, pushed, and noted in the object, so that the ordinary build makes an image
/// of that very commit. Invariant: the same files give the same bytes, and a folder that did not
/// change is not packed again. Called by the engine, one thread per repository.
@NullMarked
package dev.berth.gitops.context;

import org.jspecify.annotations.NullMarked;
