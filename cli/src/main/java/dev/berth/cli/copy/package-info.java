/// Files from here into a tar stream and back, for `berth cp`.
///
/// Invariant: unpacking writes below its target and nowhere else, whatever the stream says: names
/// with `..`, links that lead out, and names that pass through a link are left out and told. A
/// stream comes from a container, which may be anybody's. The caller's thread.
@NullMarked
package dev.berth.cli.copy;

import org.jspecify.annotations.NullMarked;
