/// What differs between two objects, as text: lines of YAML without what the server writes for
/// itself, compared and printed as `diff -u` would. Pure; called by `berth diff` on its own thread.
/// Invariant: no value of a Secret comes out of it.
@NullMarked
package dev.berth.cli.diff;

import org.jspecify.annotations.NullMarked;
