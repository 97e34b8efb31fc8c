/// Logins of browsers: one-time links, sessions and the rules that keep another site from using a
/// session. Everything lives in memory and is bounded; secrets are kept as digests only, and never
/// logged. Thread-safe.
@NullMarked
package dev.berth.dashboard.session;

import org.jspecify.annotations.NullMarked;
