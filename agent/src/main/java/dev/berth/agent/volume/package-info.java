/// Volumes of pods. The API refuses a pod with volumes for now, so this room holds nothing yet;
/// what mounts later enters a container as binds, resolved on the host by descriptor, never by a
/// path that a container could change.
@NullMarked
package dev.berth.agent.volume;

import org.jspecify.annotations.NullMarked;
