package dev.berth.controller.usage;

import dev.berth.api.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What all gateways together saw of one ModelApp's endpoint.
///
/// @param steps oldest first, at most [#MOST_STEPS], up to the last finished one; never empty
/// @param p50 milliseconds, over the last minute; empty where nothing was measured in it
/// @param queue requests that wait now
public record EndpointTraffic(List<Step> steps, OptionalDouble p50, OptionalDouble p99, int queue) {
  static final int MOST_STEPS = 60;
  private static final int MINUTE_SECONDS = 60;

  /// One step of the time line.
  ///
  /// @param time when it began, in seconds since 1970
  /// @param p50 milliseconds; empty where nothing was called
  public record Step(
      long time,
      double requestsPerSecond,
      double errorsPerSecond,
      OptionalDouble p50,
      OptionalDouble p99) {}

  public EndpointTraffic {
    steps = List.copyOf(steps);
  }

  /// The last finished step.
  public Step last() {
    return steps.getLast();
  }

  /// The sum of all nodes, by ModelApp. A report with other steps or buckets than the first, of an
  /// agent of another version, is left out: the two cannot be added. What a node counted just now
  /// was now, whatever its clock says.
  ///
  /// @param now of this side's clock, when the reports had come
  public static Map<ObjectKey, EndpointTraffic> sum(
      Collection<TrafficReport> reports, Instant now) {
    if (reports.isEmpty()) {
      return Map.of();
    }
    TrafficReport first = reports.iterator().next();
    Map<ObjectKey, Sums> sums = new HashMap<>();
    for (TrafficReport report : reports) {
      if (report.step() == first.step() && report.boundsMs().equals(first.boundsMs())) {
        add(report, stepAt(now, first.step()) - stepAt(report.now(), first.step()), sums);
      }
    }
    long last = stepAt(now, first.step()) - first.step();
    Map<ObjectKey, EndpointTraffic> traffic = new HashMap<>();
    sums.forEach(
        (modelApp, sum) -> {
          // A model that hangs finishes nothing: all there is to see of it is who waits.
          if (sum.queue > 0 || !sum.bySecond.headMap(last, true).isEmpty()) {
            traffic.put(modelApp, sum.until(last, first.step(), first.boundsMs()));
          }
        });
    return traffic;
  }

  /// When the step began that is not finished yet.
  private static long stepAt(Instant now, int step) {
    return Math.floorDiv(now.getEpochSecond(), step) * step;
  }

  /// @param skew seconds that the node's clock is behind
  private static void add(TrafficReport report, long skew, Map<ObjectKey, Sums> sums) {
    Map<ObjectKey, Integer> queues = new HashMap<>();
    for (TrafficReport.Endpoint endpoint : report.endpoints()) {
      Sums sum = sums.computeIfAbsent(endpoint.modelApp(), _ -> new Sums());
      endpoint.counts().forEach(counts -> sum.add(counts.time() + skew, counts));
      // Each revision's row of a node tells the queue of the endpoint as a whole.
      queues.merge(endpoint.modelApp(), endpoint.queue(), Math::max);
    }
    queues.forEach((modelApp, queue) -> sums.getOrDefault(modelApp, new Sums()).queue += queue);
  }

  private static final class Sums {
    private final TreeMap<Long, Total> bySecond = new TreeMap<>();
    private int queue;

    void add(long time, TrafficReport.Counts counts) {
      bySecond.computeIfAbsent(time, _ -> new Total()).add(counts);
    }

    EndpointTraffic until(long last, int step, List<Double> bounds) {
      long first = bySecond.isEmpty() ? last : Math.min(bySecond.firstKey(), last);
      long oldest = Math.max(first, last - (MOST_STEPS - 1L) * step);
      List<Step> steps = new ArrayList<>();
      for (long time = last; time >= oldest; time -= step) {
        steps.addFirst(bySecond.getOrDefault(time, new Total()).step(time, step, bounds));
      }
      Total minute = new Total();
      bySecond.subMap(last - MINUTE_SECONDS, false, last, true).values().forEach(minute::add);
      return new EndpointTraffic(
          steps, minute.quantile(0.5, bounds), minute.quantile(0.99, bounds), queue);
    }
  }

  /// Counts of one step, or of several.
  private static final class Total {
    private long requests;
    private long errors;
    private final TreeMap<Integer, Long> latencies = new TreeMap<>();

    void add(TrafficReport.Counts counts) {
      requests += counts.requests();
      errors += counts.errors();
      counts.latencies().forEach(pair -> latencies.merge((int) pair[0], pair[1], Long::sum));
    }

    void add(Total other) {
      requests += other.requests;
      errors += other.errors;
      other.latencies.forEach((bucket, count) -> latencies.merge(bucket, count, Long::sum));
    }

    Step step(long time, int seconds, List<Double> bounds) {
      return new Step(
          time,
          requests / (double) seconds,
          errors / (double) seconds,
          quantile(0.5, bounds),
          quantile(0.99, bounds));
    }

    /// Within the bucket that holds it, as if its calls were spread evenly.
    OptionalDouble quantile(double share, List<Double> bounds) {
      long all = latencies.values().stream().mapToLong(Long::longValue).sum();
      double before = 0;
      for (Map.Entry<Integer, Long> bucket : latencies.entrySet()) {
        double wanted = share * all - before;
        if (bucket.getValue() > 0 && wanted <= bucket.getValue()) {
          return OptionalDouble.of(within(bucket.getKey(), wanted / bucket.getValue(), bounds));
        }
        before += bucket.getValue();
      }
      return OptionalDouble.empty();
    }

    private static double within(int bucket, double part, List<Double> bounds) {
      if (bucket >= bounds.size()) {
        return bounds.getLast();
      }
      double from = bucket == 0 ? 0 : bounds.get(bucket - 1);
      return from + (bounds.get(bucket) - from) * part;
    }
  }
}
