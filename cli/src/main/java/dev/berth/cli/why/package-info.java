/// `why`: reads what surrounds an object and prints what is wrong with it, the root cause first.
/// Invariant: it reads and lays out; every reason, every step of the chain and every fix comes from
/// `dev.berth.api.why`, so that the command, the status and the dashboard cannot disagree. Called
/// on the verb's own thread.
@NullMarked
package dev.berth.cli.why;

import org.jspecify.annotations.NullMarked;
