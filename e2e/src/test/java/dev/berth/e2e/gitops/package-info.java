/// What a push does to a real Berth: a Git server on the host's loopback, containers, and kills.
@NullMarked
package dev.berth.e2e.gitops;

import org.jspecify.annotations.NullMarked;
