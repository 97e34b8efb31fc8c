package dev.berth.agent.container;

import java.util.List;
import java.util.Set;

/// What a container may ask of the kernel. `filter` is a compiled seccomp program, empty for none.
@SuppressWarnings(
    "ArrayRecordComponent") // a compiled filter, shared by every container and never compared
public record Security(
    Set<Capability> capabilities, byte[] filter, List<String> masked, List<String> readOnly) {
  private static final List<String> MASKED =
      List.of(
          "proc/acpi/",
          "proc/asound/",
          "proc/interrupts",
          "proc/kcore",
          "proc/keys",
          "proc/latency_stats",
          "proc/timer_list",
          "proc/timer_stats",
          "proc/sched_debug",
          "proc/scsi/",
          "sys/firmware/",
          "sys/devices/virtual/powercap/",
          "sys/kernel/security/",
          "sys/kernel/debug/",
          "sys/kernel/tracing/");
  private static final List<String> READ_ONLY =
      List.of("proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger");

  public Security {
    masked = List.copyOf(masked);
    readOnly = List.copyOf(readOnly);
  }

  public static Security standard(byte[] filter) {
    return new Security(Capability.DEFAULT, filter, MASKED, READ_ONLY);
  }
}
