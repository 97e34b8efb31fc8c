/// `backup` and `restore`: a running Berth into one file, and one file into a data directory. The
/// file's format and every check of it belong to the controller; this package moves bytes, shows
/// how far they are, and never leaves a file under its final name that was not read back. Each verb
/// runs alone, on the main thread.
@NullMarked
package dev.berth.cli.backup;

import org.jspecify.annotations.NullMarked;
