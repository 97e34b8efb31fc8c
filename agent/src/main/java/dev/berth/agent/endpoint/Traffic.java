package dev.berth.agent.endpoint;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was called in the last five minutes, by endpoint and revision, in steps of five seconds:
/// enough to draw a line and to tell a rate and a quantile at the first look, with nobody who wakes
/// up to count.
///
/// Steps are aligned to the epoch, so that the figures of several hosts add up. A step without a
/// call takes no memory; a row takes at most 20 KiB, and there are at most [#MOST_ROWS]: the one
/// that was quiet for longest makes room. Any thread.
final class Traffic {
  static final int STEP_SECONDS = 5;
  static final int STEPS = 60;
  static final int MOST_ROWS = 256;

  private static final int PER_OCTAVE = 4;
  private static final double FIRST_MILLIS = 0.25;
  private static final int OCTAVES = 18; // up to 65 s: longer than any request may take by default
  private static final int BOUNDS = OCTAVES * PER_OCTAVE + 1;
  private static final double NANOS_PER_MILLI = 1e6;

  /// Whose calls; the revision is empty where none was chosen.
  record Key(String namespace, String modelApp, String revision) {}

  /// One step.
  ///
  /// @param at when it began, in seconds of the epoch
  /// @param counts calls by the time they took: up to and with [#boundsMillis], the last are longer
  @SuppressWarnings("ArrayRecordComponent") // a copy of a histogram, never compared
  record Point(long at, int requests, int errors, int[] counts) {}

  /// The steps of one key that had calls, the oldest first.
  record Row(Key key, List<Point> points) {}

  private final InstantSource clock;
  private final Map<Key, Ring> rings = new ConcurrentHashMap<>();

  Traffic(InstantSource clock) {
    this.clock = clock;
  }

  /// The upper bounds of all but the last count, four to each doubling.
  static double[] boundsMillis() {
    double[] bounds = new double[BOUNDS];
    for (int i = 0; i < BOUNDS; i++) {
      bounds[i] = FIRST_MILLIS * Math.pow(2, i / (double) PER_OCTAVE);
    }
    return bounds;
  }

  static int bucket(long nanos) {
    double octaves = Math.log(nanos / NANOS_PER_MILLI / FIRST_MILLIS) / Math.log(2);
    return (int) Math.clamp(Math.ceil(octaves * PER_OCTAVE), 0, BOUNDS);
  }

  /// One call is over.
  void count(Key key, boolean error, long nanos) {
    long step = step();
    Ring known = rings.get(key);
    if (known == null) {
      makeRoom();
      known = rings.computeIfAbsent(key, _ -> new Ring());
    }
    known.count(step, error, bucket(nanos));
  }

  private void makeRoom() {
    if (rings.size() >= MOST_ROWS) {
      rings.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().last()))
          .ifPresent(quietest -> rings.remove(quietest.getKey()));
    }
  }

  private long step() {
    return clock.instant().getEpochSecond() / STEP_SECONDS;
  }

  /// Rows with calls in steps that began at `since` (seconds of the epoch) or later.
  List<Row> rows(long since) {
    long oldest =
        Math.max(step() - STEPS + 1, Math.ceilDiv(Math.max(0, since), (long) STEP_SECONDS));
    return rings.entrySet().stream()
        .map(entry -> new Row(entry.getKey(), entry.getValue().points(oldest)))
        .filter(row -> !row.points().isEmpty())
        .toList();
  }

  /// The steps of one key; a place is taken over by the step that comes round to it.
  private static final class Ring {
    private final @Nullable Step[] steps = new Step[STEPS];
    private long last;

    synchronized void count(long number, boolean error, int bucket) {
      int place = (int) (number % STEPS);
      Step step = steps[place];
      if (step == null || step.number != number) {
        step = new Step(number);
        steps[place] = step;
      }
      step.requests++;
      step.errors += error ? 1 : 0;
      step.counts[bucket]++;
      last = number;
    }

    synchronized long last() {
      return last;
    }

    synchronized List<Point> points(long oldest) {
      return Stream.of(steps)
          .filter(Objects::nonNull)
          .filter(step -> step.number >= oldest)
          .sorted(Comparator.comparingLong(step -> step.number))
          .map(Step::point)
          .toList();
    }
  }

  private static final class Step {
    private final long number;
    private final int[] counts = new int[BOUNDS + 1];
    private int requests;
    private int errors;

    Step(long number) {
      this.number = number;
    }

    Point point() {
      return new Point(
          number * STEP_SECONDS, requests, errors, Arrays.copyOf(counts, counts.length));
    }
  }
}
