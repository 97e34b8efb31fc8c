/// What a CustomResourceDefinition says of a kind, made into what the built-in kinds have: a type
/// for merging and strict decoding, defaults, pruning, rules, columns. Pure functions over trees,
/// called by `resource` on the thread of a request. Invariant: a schema that means nothing to us
/// allows everything; it never makes a request fail by itself. Source: Kubernetes, "Extend the
/// Kubernetes API with CustomResourceDefinitions", and OpenAPI v3.0 for the words of a schema.
@NullMarked
package dev.berth.controller.customkind;

import org.jspecify.annotations.NullMarked;
