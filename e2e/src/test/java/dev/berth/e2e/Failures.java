package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import dev.berth.e2e.Failure.Look;
import dev.berth.e2e.Failure.Repair;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The catalogue. The order is that of the document.
final class Failures {
  /// Induced side by side in one Berth.
  static final List<Failure> ALL =
      Stream.of(
              ImageFailures.images(),
              ImageFailures.builds(),
              ProcessFailures.process(),
              ProtocolFailures.protocol(),
              WiringFailures.wiring(),
              WiringFailures.placement(),
              looks())
          .flatMap(List::stream)
          .toList();

  /// Those that every `mvn verify` induces: of each chapter, and one for each way to look and to
  /// repair; of several that are found by the same means, one.
  static final Set<String> SAMPLE =
      Set.of(
          "misnamed-image",
          "registry-down",
          "wrong-platform",
          "forged-layer",
          "failing-step",
          "unknown-flag",
          "missing-base",
          "missing-command",
          "missing-loader",
          "traceback",
          "memory",
          "restart-loop",
          "loopback-only",
          "read-only-root",
          "disk-full",
          "other-protocol",
          "other-model",
          "invalid-answer",
          "stranger",
          "name-taken",
          "secret-key-missing",
          "too-large",
          "wire",
          "debugged");

  /// Of a host as a whole: one after the other, on a host of their own.
  static final Failure PORT_TAKEN =
      host("port-taken", "A port of the host is taken", "", "up")
          .naming("ingress port 8080", "box (pid 4711)", "--ingress-port");

  static final Failure KERNEL =
      host("kernel-feature", "The kernel lacks what containers need", "", "up")
          .naming("overlay", "modprobe overlay");
  static final Failure MEMORY_PRESSURE =
      host("memory-pressure", "The host is short of memory", "MemoryPressure", "why", "node")
          .naming("100 MiB of 8192 MiB");
  static final Failure DISK_PRESSURE =
      host("disk-pressure", "The agent's disk is nearly full", "DiskPressure", "why", "node");
  static final Failure NO_SPACE =
      host("no-space", "The disk has no room for the image", "NoSpace", "why", "no-space");
  static final Failure NODE_GONE =
      host("node-gone", "The node is gone", "NodeLost", "why", "node-gone").naming("berth agent");

  static final Failure CONTROLLER_DOWN =
      host("controller-down", "The controller is down", "", "why", "node-gone");

  static final List<Failure> HOST =
      List.of(
          PORT_TAKEN, KERNEL, MEMORY_PRESSURE, DISK_PRESSURE, NO_SPACE, NODE_GONE, CONTROLLER_DOWN);

  /// What the document lists.
  static final List<Failure> EVERY = Stream.concat(ALL.stream(), HOST.stream()).toList();

  private Failures() {}

  static List<Failure> sample() {
    return ALL.stream().filter(failure -> SAMPLE.contains(failure.name())).toList();
  }

  private static Failure host(String name, String title, String reason, String... words) {
    return Failure.of(Group.HOST, name, title, Spec.working(), reason)
        .looking(words)
        .repairedBy(new Repair.ByHand());
  }

  /// Where a person who wants more than `berth why` looks.
  private static List<Failure> looks() {
    return List.of(
        look("wire", "The wire from model to app, with what is wrong where", "status", "wire")
            .naming("digitz-model:1"),
        look("described", "Everything about one object", "describe", "modelapp", "described")
            .naming("digitz-model:1"),
        look("debugged", "What every stage of Berth knows of one object", "debug", "debugged")
            .naming("digitz-model:1", "revision"));
  }

  private static Failure look(String name, String title, String... words) {
    return Failure.of(
            Group.LOOKS, name, title, Spec.of("image: digitz-model:1").app(), "ImageNotFound")
        .looking(new Look.Report(List.of(words)));
  }
}
