/// The verbs that talk with what runs: `logs` and `call`. Streams go straight through; lines of
/// several pods are never mixed within a line. Invariant: text of a container reaches a terminal
/// only with its control characters made visible. `logs -f` has one virtual thread per pod, owned
/// by its `Followers`; `call` runs on the main thread alone.
@NullMarked
package dev.berth.cli.talk;

import org.jspecify.annotations.NullMarked;
