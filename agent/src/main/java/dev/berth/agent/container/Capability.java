package dev.berth.agent.container;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Linux capabilities in the kernel's order, so that the ordinal is the number.
public enum Capability {
  CHOWN,
  DAC_OVERRIDE,
  DAC_READ_SEARCH,
  FOWNER,
  FSETID,
  KILL,
  SETGID,
  SETUID,
  SETPCAP,
  LINUX_IMMUTABLE,
  NET_BIND_SERVICE,
  NET_BROADCAST,
  NET_ADMIN,
  NET_RAW,
  IPC_LOCK,
  IPC_OWNER,
  SYS_MODULE,
  SYS_RAWIO,
  SYS_CHROOT,
  SYS_PTRACE,
  SYS_PACCT,
  SYS_ADMIN,
  SYS_BOOT,
  SYS_NICE,
  SYS_RESOURCE,
  SYS_TIME,
  SYS_TTY_CONFIG,
  MKNOD,
  LEASE,
  AUDIT_WRITE,
  AUDIT_CONTROL,
  SETFCAP,
  MAC_OVERRIDE,
  MAC_ADMIN,
  SYSLOG,
  WAKE_ALARM,
  BLOCK_SUSPEND,
  AUDIT_READ,
  PERFMON,
  BPF,
  CHECKPOINT_RESTORE;

  /// Docker's default set without NET_RAW: raw sockets reach kernel code that has had too many
  /// holes.
  public static final Set<Capability> DEFAULT =
      Set.copyOf(
          EnumSet.of(
              CHOWN,
              DAC_OVERRIDE,
              FOWNER,
              FSETID,
              KILL,
              SETGID,
              SETUID,
              SETPCAP,
              NET_BIND_SERVICE,
              SYS_CHROOT,
              MKNOD,
              AUDIT_WRITE,
              SETFCAP));

  @SuppressWarnings("EnumOrdinal") // the order is the kernel's numbering, which never changes
  static long mask(Set<Capability> set) {
    return set.stream().mapToLong(c -> 1L << c.ordinal()).sum();
  }

  public static Set<String> names(Set<Capability> set) {
    return set.stream().map(c -> "CAP_" + c.name()).collect(Collectors.toUnmodifiableSet());
  }
}
