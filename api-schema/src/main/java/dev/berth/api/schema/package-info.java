/// One table for every kind: fields and types, merge keys, columns, defaults, validation, and the
/// documents made of it (OpenAPI, discovery). Built-in kinds come from a committed resource that a
/// test compares with the model classes; our own kinds are written here by hand. Patches are pure
/// functions from trees to trees. Schemas are immutable and shared, any thread may call.
@NullMarked
package dev.berth.api.schema;

import org.jspecify.annotations.NullMarked;
