/// Requests that were right before something in them was changed, over every kind and verb, as
/// JSON, YAML and protobuf, from a seed. What they must never do: get an answer that blames the
/// server, or none; leave something stored that is not valid or that a typed client cannot read.
/// Any thread, one at a time.
@NullMarked
package dev.berth.hardening.input;

import org.jspecify.annotations.NullMarked;
