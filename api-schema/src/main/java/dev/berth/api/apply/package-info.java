/// Server-side apply: who owns which field of an object (`metadata.managedFields`), and what a
/// manager's configuration makes of a live object. The rules are those of Kubernetes' structured
/// merge: lists are owned as one value, by key or by element, as the schema says. Pure functions
/// from trees to trees; arguments are never changed. The API server calls them, on any thread.
@NullMarked
package dev.berth.api.apply;

import org.jspecify.annotations.NullMarked;
