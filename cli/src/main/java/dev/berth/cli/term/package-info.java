/// What the command says and how: data on stdout, progress and diagnostics on stderr, colours only
/// where somebody sees them, control characters of strangers made visible. Invariant: nothing that
/// came from a server reaches a terminal unescaped. Called by every verb, on the verb's own thread.
@NullMarked
package dev.berth.cli.term;

import org.jspecify.annotations.NullMarked;
