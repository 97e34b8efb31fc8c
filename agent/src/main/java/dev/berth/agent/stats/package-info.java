/// What pods and the host use of CPU and memory, now.
///
/// Invariant: nothing is kept between two questions; CPU time is cumulative, and who wants a rate
/// asks twice. Callers are the routes of the tunnel, on their own threads.
@NullMarked
package dev.berth.agent.stats;

import org.jspecify.annotations.NullMarked;
