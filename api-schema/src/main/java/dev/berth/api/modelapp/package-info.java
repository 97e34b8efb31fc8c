/// The `ModelApp` as records: a model container, an app container and the endpoint between them.
/// `ModelApp.read` takes a tree that the schema has accepted and applies the defaults on the way;
/// nothing is written back, so what a user reads is what the user wrote. Immutable values, any
/// thread.
@NullMarked
package dev.berth.api.modelapp;

import org.jspecify.annotations.NullMarked;
