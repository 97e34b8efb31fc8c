/// What a Git host says after a push: is it genuine, and which reference moved. Nothing of the
/// message is believed but that it is worth to ask the remote, so a replayed one is harmless. Pure;
/// any thread.
@NullMarked
package dev.berth.gitops.hook;

import org.jspecify.annotations.NullMarked;
