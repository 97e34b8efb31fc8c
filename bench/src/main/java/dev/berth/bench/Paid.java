package dev.berth.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// Seconds on the wall and of the CPU, of everything that the run has started.
final class Paid {
  /// Work that is measured whole.
  @FunctionalInterface
  interface Work {
    void done() throws Exception;
  }

  private final CpuAccount cpu;

  Paid(Bench bench) {
    cpu = CpuAccount.of(bench.group());
  }

  Map<Cost, Double> by(String what, Work work) throws Exception {
    return by(what, work, () -> 0);
  }

  /// @param others seconds of the CPU so far of who serves both sides alike: not theirs to pay
  Map<Cost, Double> by(String what, Work work, DoubleSupplier others) throws Exception {
    double before = cpu.seconds() - others.getAsDouble();
    long begin = System.nanoTime();
    work.done();
    long wall = System.nanoTime() - begin;
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(what + ", time", "s"), wall / 1e9);
    costs.put(new Cost(what + ", CPU", "s"), cpu.seconds() - others.getAsDouble() - before);
    return costs;
  }
}
