package dev.berth.controller;

import dev.berth.api.Cidr;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The whole controller as shipped, in virtual time: for tests of what its parts do together.
abstract class WithControlPlane {
  final Random random;
  final VirtualTime time;
  final InMemoryStore store;
  final Resources resources;
  final ControlPlane plane;
  private final Duration settling;

  /// @param settling as long as what a test does needs to have its effect
  WithControlPlane(long seed, InMemoryStore store, Duration settling) {
    this.random = new Random(seed);
    this.time = new VirtualTime(random);
    this.store = store;
    this.resources =
        new Resources(
            store,
            time::now,
            () -> new UUID(random.nextLong(), random.nextLong()).toString(),
            random,
            Cidr.parse("10.96.0.0/16"));
    this.plane = new ControlPlane(resources, time, Simulation.NETWORK, Simulation.TRUST);
    this.settling = settling;
  }

  @BeforeEach
  final void startThePlane() {
    SystemNamespaces.ensure(resources);
    plane.start();
    settle();
  }

  @AfterEach
  final void stopThePlane() {
    plane.stop();
  }

  final void settle() {
    time.advance(settling);
  }
}
