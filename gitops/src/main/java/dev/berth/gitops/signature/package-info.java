/// Whether a commit or a tag was signed by somebody who may: OpenPGP and SSH signatures, as Git
/// stores them, against the public keys of a Secret. Invariant: without a good signature of a known
/// key there is no yes. Pure; any thread.
@NullMarked
package dev.berth.gitops.signature;

import org.jspecify.annotations.NullMarked;
