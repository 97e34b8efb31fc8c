/// The cluster's own image registry: the OCI distribution API on `/v2/`. Owns which repository
/// knows which manifests, tags and blobs; the bytes are in `blobs`. Invariant: a manifest that can
/// be pulled names only blobs that its repository has. Called on the thread of each request,
/// through the [dev.berth.controller.http.HttpSurface] that wiring mounts.
@NullMarked
package dev.berth.controller.imageregistry;

import org.jspecify.annotations.NullMarked;
