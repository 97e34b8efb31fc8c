/// Who is asking, and whether they may. Owns the certificate authority and every certificate made
/// from it, and the two rules of this Berth: group `system:masters` may do everything, a node only
/// what its own pods and builds need. Invariant: an identity comes from a verified certificate or
/// is anonymous. Called by the API server on the thread of a request, and by wiring, which renews
/// certificates.
@NullMarked
package dev.berth.controller.auth;

import org.jspecify.annotations.NullMarked;
