/// The gateway between apps and models, and the ingress between people and apps: HTTP in both
/// directions, unbuffered.
///
/// Invariant: who may call is decided by source address before anything is forwarded, and every
/// error that the gateway itself makes carries `berth-reason`. Configuration arrives as whole
/// tables and replaces the last one; requests under way keep their replica. Handlers run on Vert.x
/// event loops and never block; the state of an endpoint is behind one short lock.
@NullMarked
package dev.berth.agent.endpoint;

import org.jspecify.annotations.NullMarked;
