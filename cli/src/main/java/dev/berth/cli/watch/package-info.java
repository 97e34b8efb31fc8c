/// Watching folders for changes (inotify, through the JDK's WatchService). Invariant: whoever waits
/// hears of a burst of changes once, when it is over, and never of none. One thread waits at a
/// time.
@NullMarked
package dev.berth.cli.watch;

import org.jspecify.annotations.NullMarked;
