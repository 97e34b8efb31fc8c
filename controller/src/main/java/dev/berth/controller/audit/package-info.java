/// The audit log: who asked the API for what, and what the answer was.
///
/// Invariant: a request never waits for it. Events go into a bounded queue; one thread writes them
/// to files of bounded size and number. What finds no room, in the queue or on the disk, is counted
/// and told. Called by `apiserver` from the threads of the requests; knows files, not HTTP.
@NullMarked
package dev.berth.controller.audit;

import org.jspecify.annotations.NullMarked;
