/// Volumes of pods: what a pod's `volumes` ask for, as directories of this host, and how a
/// container's `volumeMounts` show them.
///
/// Invariant: a volume that a container may write is never walked by path, only by descriptor below
/// its root, so that no link in it leads out; files that come from the API are written whole under
/// a new name and appear by one rename, and containers can only read them. All lies in the pod's
/// directory (`.volumes/NAME`) and in memory mounted there, so a later agent and Teardown find it
/// without being told. Called by the pod's worker on its own thread; only [ApiReferences] has
/// threads.
@NullMarked
package dev.berth.agent.volume;

import org.jspecify.annotations.NullMarked;
