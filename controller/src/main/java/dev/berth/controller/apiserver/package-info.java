/// HTTP to resources and back: paths, content types, tables, patches, watch streams, discovery, and
/// the relays to agents. Owns the listening socket. The event loop only parses and writes bytes;
/// every request is handled on a virtual thread of its own, one line after authentication.
/// Invariant: every refusal is a `Status` object with the right code.
@NullMarked
package dev.berth.controller.apiserver;

import org.jspecify.annotations.NullMarked;
