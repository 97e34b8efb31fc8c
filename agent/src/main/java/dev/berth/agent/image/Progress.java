package dev.berth.agent.image;

/// Told now and then how far a pull is, in compressed bytes.
@FunctionalInterface
public interface Progress {
  Progress NONE = (_, _) -> {};

  void at(long done, long total);
}
