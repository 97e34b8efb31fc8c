/// The only I/O of this module: the API client on the JDK's HTTP client, watches, informers, and
/// the registry client. A transport failure is an `ApiException` with `ServiceUnavailable` and the
/// cause kept; an answer of the server is the error it sent. Calls block (use a virtual thread);
/// each watch and informer owns one virtual thread, which ends when it is closed. Used by the
/// agent, the CLI and tests.
@NullMarked
package dev.berth.client;

import org.jspecify.annotations.NullMarked;
