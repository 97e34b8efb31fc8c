/// A request and its answer as plain, blocking types, so that whoever answers HTTP needs no HTTP
/// library. An [HttpSurface] is called on a virtual thread of its own for each request, after
/// authentication; only `apiserver` knows what carries the bytes.
@NullMarked
package dev.berth.controller.http;

import org.jspecify.annotations.NullMarked;
