/// What the dashboard needs and cannot know: who asks, what the cluster holds, what somebody may
/// do, what was measured. The controller implements these interfaces; values that cross them are
/// immutable, trees are shared with the store and never changed. Any thread may call.
@NullMarked
package dev.berth.dashboard.port;

import org.jspecify.annotations.NullMarked;
