/// The `berth` command. `Main` switches on the first word and hands over to one verb; the rooms
/// below each hold one kind of verb (`host`, `apply`, `look`, `talk`, `bootstrap`, `complete`) or
/// what they share (`verb`, `term`, `progress`, `pack`). Invariant: the exit code tells the truth.
/// Main thread.
@NullMarked
package dev.berth.cli;

import org.jspecify.annotations.NullMarked;
