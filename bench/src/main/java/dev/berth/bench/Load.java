package dev.berth.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
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
    return outcome(times, begin);
  }

  /// The same at a given pace, whatever the answers take: a question that had to wait for the one
  /// before it has waited, and its time counts from when it was due.
  ///
  /// @param rate of all clients together, questions a second
  static Outcome paced(List<? extends Ask> clients, double rate, Duration time) throws Exception {
    long gap = (long) (1e9 * clients.size() / rate);
    long begin = System.nanoTime();
    List<long[]> times = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<long[]>> all = new ArrayList<>();
      for (int i = 0; i < clients.size(); i++) {
        Ask client = clients.get(i);
        long first = begin + gap * i / clients.size();
        all.add(() -> askEvery(client, first, gap, begin + time.toNanos()));
      }
      for (Future<long[]> one : threads.invokeAll(all)) {
        times.add(one.get());
      }
    }
    return outcome(times, begin);
  }

  private static long[] askEvery(Ask client, long first, long gap, long until) throws Exception {
    LongStream.Builder times = LongStream.builder();
    for (long due = first; due < until; due += gap) {
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      client.once();
      times.add(System.nanoTime() - due);
    }
    return times.build().toArray();
  }

  private static Outcome outcome(List<long[]> times, long begin) {
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
