package dev.berth.agent.cgroup;

/// What a group has used: CPU time, and memory as the kernel would count it against the limit, less
/// what it can drop.
public record Usage(long cpuNanos, long memoryBytes, long pids, long oomKills) {}
