package dev.berth.agent.cgroup;

/// A group's limits (0 for none), the most that it has used, and how often it was refused.
///
/// @param memoryPeak without what the kernel could have dropped, unlike [Usage]: it is what counts
///   against the limit
/// @param refusedForks how often a process or thread was one too many
public record Limited(
    long memoryLimit, long memoryPeak, long oomKills, long processLimit, long refusedForks) {
  /// Version 1 says "no limit" with a number near the largest.
  static long limit(long value) {
    return value >= 1L << 60 ? 0 : value;
  }
}
