/// The dashboard in a real Chromium, at a real Berth. Nothing that the cluster says may run in the
/// browser, whoever looks is offered what they may do, and each screen can be read by everybody.
/// Called by JUnit, on one thread: Playwright's objects belong to the thread that made them.
@NullMarked
package dev.berth.e2e.dashboard;

import org.jspecify.annotations.NullMarked;
