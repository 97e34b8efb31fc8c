/// What nodes and pods use, and what was called at endpoints, worked out of what agents count (`GET
/// /stats` and `GET /traffic` of the tunnel).
///
/// Invariant: a rate follows from two samples of the same node, by that node's own clock; what is
/// not in both of them is not told at all. Values only: whoever asks the agents (`apiserver`) may
/// call from any thread.
@NullMarked
package dev.berth.controller.usage;

import org.jspecify.annotations.NullMarked;
