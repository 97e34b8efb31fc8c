package dev.berth.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/// Clients that each ask the next question when the last one is answered, for a given time.
final class Load {
  /// One question and its answer.
  @FunctionalInterface
  interface Ask {
    void once() throws Exception;
  }

  /// @param count answers
  /// @param wallNanos from the first question to the last answer
  /// @param p99Nanos of the answers' times
  record Outcome(long count, long wallNanos, long p99Nanos) {
    double microsEach() {
      return wallNanos / 1e3 / count;
    }

    double p99Millis() {
      return p99Nanos / 1e6;
    }
  }

  private Load() {}

  static Outcome run(List<? extends Ask> clients, Duration time) throws Exception {
    long begin = System.nanoTime();
    long until = begin + time.toNanos();
    List<long[]> times = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<long[]>> all = new ArrayList<>();
      clients.forEach(client -> all.add(() -> askUntil(client, until)));
      for (Future<long[]> one : threads.invokeAll(all)) {
        times.add(one.get());
      }
    }
    long[] sorted = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Outcome(
        sorted.length, System.nanoTime() - begin, sorted[(int) ((sorted.length - 1) * 0.99)]);
  }

  private static long[] askUntil(Ask client, long until) throws Exception {
    LongStream.Builder times = LongStream.builder();
    for (long now = System.nanoTime(); now < until; ) {
      client.once();
      long then = System.nanoTime();
      times.add(then - now);
      now = then;
    }
    return times.build().toArray();
  }
}
