/// `completion`: shell scripts made from the verbs and their options as they are, so that they
/// cannot fall behind. Pure text; the scripts ask the server only for names, and only when a name
/// is due.
@NullMarked
package dev.berth.cli.complete;

import org.jspecify.annotations.NullMarked;
