/// The one document that the start page polls: everything a viewer may see, at a glance, the worst
/// first and bounded. A pure function from a scene; made at most once a second for all viewers with
/// the same rights.
@NullMarked
package dev.berth.dashboard.summary;

import org.jspecify.annotations.NullMarked;
