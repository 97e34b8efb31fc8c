/// The rules of every kind: who owns which part of an object, when a generation moves, how deletion
/// waits for finalizers and grace, and how a write that lost a race is retried or refused.
/// Invariant: what is stored was admitted, and the bytes of an object carry the revision they are
/// stored at. Called by the API server and, through [ListWatch] and [Resources], by reconcilers,
/// from any thread; every method blocks until its answer is durable.
@NullMarked
package dev.berth.controller.resource;

import org.jspecify.annotations.NullMarked;
