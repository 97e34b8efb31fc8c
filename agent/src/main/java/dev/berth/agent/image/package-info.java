/// Images on this host: names to digests, pulls with every byte checked, and the content store,
/// where each layer lies unpacked once, ready to be a lower directory of an overlay.
///
/// Invariant: a layer directory exists under its final name only when both its compressed and its
/// uncompressed digest were right; it is never changed afterwards. Nothing in an archive can reach
/// outside the layer's directory. Pod workers and the builder call in on virtual threads.
@NullMarked
package dev.berth.agent.image;

import org.jspecify.annotations.NullMarked;
