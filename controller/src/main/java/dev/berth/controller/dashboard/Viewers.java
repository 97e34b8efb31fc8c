package dev.berth.controller.dashboard;

import dev.berth.controller.auth.Identity;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Viewer;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The same person, in the words of both sides.
final class Viewers {
  private Viewers() {}

  static Viewer of(Identity identity) {
    return new Viewer(identity.user(), identity.uid(), identity.groups(), identity.extra());
  }

  static Identity identity(Viewer viewer) {
    return new Identity(viewer.user(), viewer.uid(), viewer.groups(), viewer.extra());
  }

  static Proven proven(Identity identity, BooleanSupplier holds) {
    return new Proven(of(identity.asAuthenticated()), Optional.empty(), holds);
  }
}
