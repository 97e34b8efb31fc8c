/// The whole of Berth from the command line, each test host in a network namespace of its own with
/// its own data, run directory and node name. Needs root; says loudly when it has to skip.
@NullMarked
package dev.berth.e2e;

import org.jspecify.annotations.NullMarked;
