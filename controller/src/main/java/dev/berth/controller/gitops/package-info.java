/// Puts module `gitops` into this control plane: a loop over `GitRepository`, woken also by what it
/// applied, and the engine's ports onto the store, the rights, Secrets and the registry. What is
/// synced is decided by the engine; here is decided only what a repository may write. Called by the
/// loop's virtual threads, webhooks by those of their requests.
@NullMarked
package dev.berth.controller.gitops;

import org.jspecify.annotations.NullMarked;
