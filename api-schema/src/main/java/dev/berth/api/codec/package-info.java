/// YAML and JSON text to trees in which every key and value knows its line and column. Decoding is
/// strict: unknown and duplicate fields and wrong types are reported all at once, each with the
/// nearest right name. Input is hostile: size, depth and aliases are limited before a tree is
/// built. Scalars read as kubectl reads them (YAML 1.1 booleans, octal numbers; dates stay text).
/// Pure, any thread.
@NullMarked
package dev.berth.api.codec;

import org.jspecify.annotations.NullMarked;
