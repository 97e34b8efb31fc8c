/// Brings CustomResourceDefinitions to life and to their end: accepts the names that nobody else
/// has, says so in conditions, and removes the objects of a definition that goes before it. What a
/// definition means is for `customkind`; that it is served from then on follows from its
/// conditions.
@NullMarked
package dev.berth.controller.definition;

import org.jspecify.annotations.NullMarked;
