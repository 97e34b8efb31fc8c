/// `image bootstrap`: brings a base image into the cluster's repository, copied from Docker Hub
/// where that is reachable, else made by mmdebstrap from Debian's packages. Invariant: what was
/// made here says so in its manifest and can never answer for a digest of the Hub. Main thread;
/// mmdebstrap runs as a child process that is ended with us.
@NullMarked
package dev.berth.cli.bootstrap;

import org.jspecify.annotations.NullMarked;
