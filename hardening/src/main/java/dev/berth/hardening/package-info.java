/// Attacks on Berth by its own developers: hostile images, containers that run away, full disks,
/// kills at any moment, and the attempts to get out of a container.
///
/// Invariant: an attack is contained, named, and leaves its neighbours and the host unharmed. Needs
/// root; says loudly when it has to skip.
@NullMarked
package dev.berth.hardening;

import org.jspecify.annotations.NullMarked;
