/// The words that every part of Berth shares: kinds and their paths, object keys, selectors,
/// quantities, image references, conditions, and the sealed `ApiError` that becomes a Kubernetes
/// `Status` on the wire. Values only: nothing here does I/O, reads a clock or starts a thread, so
/// any thread may call anything. Trees are Jackson's `JsonNode`; `Json` holds the one mapper.
@NullMarked
package dev.berth.api;

import org.jspecify.annotations.NullMarked;
