/// The API as any client sees it, in bare HTTP: what Kubernetes' conformance rows ask of it before
/// a container runs. Kinds are named by their paths alone, so that a row waits, skipped, until its
/// kind is served. `docs/conformance.md` is made from the tags here and elsewhere.
@NullMarked
package dev.berth.e2e.conformance;

import org.jspecify.annotations.NullMarked;
