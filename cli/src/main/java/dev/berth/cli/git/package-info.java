/// `git ls`, `sync`, `diff`, `history`, `rollback`, `suspend` and `resume`: what a GitRepository
/// says of itself, and asking it for something.
///
/// What is asked for stands in an annotation of the repository, and what came of it in its status
/// (`Standing` reads it, a pure function), so that a page, kubectl and these verbs see the same.
/// Invariant: nothing here reads Git or applies an object; that is the controller's. Main thread.
@NullMarked
package dev.berth.cli.git;

import org.jspecify.annotations.NullMarked;
