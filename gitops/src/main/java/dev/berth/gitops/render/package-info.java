/// From the files of a commit to the objects that are wanted: plain manifests, or a kustomization's
/// common subset, with variables put in. Invariant: all or nothing, every problem with its file and
/// line; nothing outside the repository is read. Pure but for reading the commit; any thread.
@NullMarked
package dev.berth.gitops.render;

import org.jspecify.annotations.NullMarked;
