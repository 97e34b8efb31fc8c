/// The control plane as a whole: configuration, wiring, start and stop order. The only room that
/// sees all others, and the only one that reads the wall clock and makes random numbers: everything
/// below is given them. [Controller] is what `berth up` starts; [ControlPlane] is the part of it
/// that the simulation runs in virtual time.
@NullMarked
package dev.berth.controller;

import org.jspecify.annotations.NullMarked;
