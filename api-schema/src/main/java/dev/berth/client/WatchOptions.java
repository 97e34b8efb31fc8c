package dev.berth.client;

import dev.berth.api.FieldSelector;
import dev.berth.api.LabelSelector;
import java.time.Duration;

/// Which changes to watch, from which revision (empty: all present objects first), and for how long
/// at most.
public record WatchOptions(
    LabelSelector labels, FieldSelector fields, String resourceVersion, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  public static WatchOptions from(String resourceVersion) {
    return new WatchOptions(
        LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, resourceVersion, DEFAULT_TIMEOUT);
  }
}
