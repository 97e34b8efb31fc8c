/// Files named by the digest of what they hold, for images and build contexts. Invariant: a file
/// under its name is complete and matches it; uploads lie elsewhere until they do. Called by the
/// image registry from the threads of its requests.
@NullMarked
package dev.berth.controller.blobs;

import org.jspecify.annotations.NullMarked;
