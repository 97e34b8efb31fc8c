/// The progress tree: a value (`Tree`) and one `Board` that shows its changes, redrawn in place on
/// a terminal (at most ten times a second), one line per change elsewhere. Drawing is pure
/// (`TreePrinter`). Invariant: a log file of a run reads as a list of changes, without control
/// characters and without repeats. Used by the verbs that wait, on the verb's own thread.
@NullMarked
package dev.berth.cli.progress;

import org.jspecify.annotations.NullMarked;
