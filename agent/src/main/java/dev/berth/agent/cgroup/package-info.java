/// Control groups, version 1 and 2 behind one port: make a group with limits, say how a child gets
/// into it, read its use, kill what is left, remove it.
///
/// Groups are named `berth/NODE/podUID/CONTAINER` in every hierarchy. Invariant: whoever creates a
/// group removes it, and `remove` also takes the parents that became empty. Called by the container
/// verbs, stats and teardown; every method is short file I/O and may run on any thread.
@NullMarked
package dev.berth.agent.cgroup;

import org.jspecify.annotations.NullMarked;
