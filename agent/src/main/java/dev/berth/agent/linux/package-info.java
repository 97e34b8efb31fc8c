/// The kernel as this agent sees it: the [dev.berth.agent.linux.Syscalls] port with one method per
/// call, its JNA implementation, rtnetlink, nftables and the seccomp compiler.
///
/// The only package that touches native code. Invariant: every failure is an
/// [dev.berth.agent.linux.ErrnoException] that names call, operand and errno. Calls that may block
/// (`read` on a pipe, `epollWait`, `waitFor`) belong on platform threads, because JNA pins a
/// virtual thread's carrier. No method changes the namespaces of a JVM thread except `unshare` and
/// `setns`, which only the throw-away namespace filler may use.
@NullMarked
package dev.berth.agent.linux;

import org.jspecify.annotations.NullMarked;
