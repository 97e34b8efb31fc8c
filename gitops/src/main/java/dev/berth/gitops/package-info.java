/// The engine of `GitRepository`: fetches a commit, renders its manifests, compares them with what
/// is there and makes it so. It owns the clones and the decisions; what it needs from the cluster
/// it asks through ports that the controller implements.
@NullMarked
package dev.berth.gitops;

import org.jspecify.annotations.NullMarked;
