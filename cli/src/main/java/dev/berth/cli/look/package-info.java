/// The verbs that look: `get`, `describe`, `status`, `images`, `version`. They change nothing.
/// Tables are the server's own (columns are decided in one place); the wire of a ModelApp and the
/// layout of tables are pure functions. Invariant: what is printed on stdout is data and nothing
/// else. Each verb runs alone, on the main thread.
@NullMarked
package dev.berth.cli.look;

import org.jspecify.annotations.NullMarked;
