/// Packs a build context: which files (`.dockerignore`), in which order, with which headers.
/// Invariant: the same files give the same bytes on every machine, so that the digest names the
/// content and an unchanged context is never built twice. Called by `apply` and `build`, on the
/// verb's own thread; knows neither server nor terminal.
@NullMarked
package dev.berth.cli.pack;

import org.jspecify.annotations.NullMarked;
