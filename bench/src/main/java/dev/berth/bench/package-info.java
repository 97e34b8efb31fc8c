/// What Berth costs beside its peers, measured in one run: both are asked in turns, so that what
/// the machine does meanwhile meets both. `deploy/bench` is the way in.
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;
