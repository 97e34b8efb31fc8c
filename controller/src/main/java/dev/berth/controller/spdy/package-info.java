/// SPDY/3.1 sessions as blocking streams, for clients of Kubernetes that speak nothing newer: exec
/// and attach of kubectl before 1.31 and of Helm, and port-forward of every kubectl. Owns the
/// session over one connection; frames are Netty's. Invariant: what a client sends and nobody takes
/// is bounded, for each stream and for the session, and nobody waits for a session that is closed.
/// Source: the SPDY Protocol, draft 3.1, and moby/spdystream, which all these clients use: it
/// grants no windows and asks for none, so flow is TCP's here too.
@NullMarked
package dev.berth.controller.spdy;

import org.jspecify.annotations.NullMarked;
