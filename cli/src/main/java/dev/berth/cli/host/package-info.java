/// Berth as a process of this host: `up`, `down`, and the halves `controller` and `agent`. The only
/// room of the CLI that sees both modules. Owns `berth.json` (what was given once), `berth.pid` and
/// `berth.log` in the data directory. Invariant: containers never end because a process of ours
/// does; only `down` ends them. Runs on the main thread, with one shutdown hook.
@NullMarked
package dev.berth.cli.host;

import org.jspecify.annotations.NullMarked;
