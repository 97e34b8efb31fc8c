/// From a URL to the files of a commit: addresses and credentials, the list of references, one bare
/// shallow clone per (URL, credential), files read out of the object database. Invariant: no work
/// tree, nothing of the host's Git configuration, nothing larger than the given size, and what went
/// wrong is a `SourceException` with a reason and the fix. Blocking; called by the engine on
/// virtual threads, two at a time per host.
@NullMarked
package dev.berth.gitops.source;

import org.jspecify.annotations.NullMarked;
