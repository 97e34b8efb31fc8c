/// What every verb shares: help that shows an example first, how the server is found, and how a
/// failure becomes a message and an exit code. Invariant: a verb returns an `Exit` or throws;
/// nothing below `Main` ends the process. Each verb runs alone, on the main thread.
@NullMarked
package dev.berth.cli.verb;

import org.jspecify.annotations.NullMarked;
