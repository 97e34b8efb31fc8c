/// Why something does not work, in one place. The agent writes facts into statuses; this package
/// turns an object into a `Cause`: what is wrong, where, and the fix as a field or a command. The
/// controller copies a cause into `status.lastFailure`, the CLI prints it; neither has reasons or
/// hints of its own. Pure: trees in, values out, never an exception for a tree of another shape, so
/// any thread may call it. Values of environment variables and Secrets are never read.
@NullMarked
package dev.berth.api.why;

import org.jspecify.annotations.NullMarked;
