package dev.berth.agent.container;

/// Memory shown at a path of the container; a `size` of 0 leaves the kernel's own bound (half of
/// the memory).
public record Tmpfs(String target, long size, int mode) {
  String options() {
    String text = "mode=" + Integer.toOctalString(mode);
    return size > 0 ? text + ",size=" + size : text;
  }
}
