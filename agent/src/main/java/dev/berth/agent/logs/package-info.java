/// Container logs as files: reading them as `kubectl logs` asks, and rotation.
///
/// Invariant: only a container's keeper appends; this room renames and reads. Lines are in CRI's
/// form, `time stream F text`; a reader that follows wakes by inotify. Readers run on virtual
/// threads, rotation on one thread.
@NullMarked
package dev.berth.agent.logs;

import org.jspecify.annotations.NullMarked;
