package dev.berth.dashboard.port;

import dev.berth.api.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What the gateways measured at the endpoints of ModelApps.
@FunctionalInterface
public interface Traffic {
  /// By ModelApp; one without calls in the last minutes, and for which none waits, is not in it. At
  /// most some seconds old, and quick: whoever measures keeps the last figures.
  Map<ObjectKey, Figures> figures();

  /// Of one endpoint.
  ///
  /// @param requestsPerSecond of the last finished step
  /// @param p50 milliseconds; empty where nothing was measured
  /// @param queue requests that wait now
  /// @param points oldest first, at most 60 are shown
  record Figures(
      double requestsPerSecond,
      double errorsPerSecond,
      OptionalDouble p50,
      OptionalDouble p99,
      int queue,
      List<Point> points) {
    public Figures {
      points = List.copyOf(points);
    }
  }

  /// One step of the time line.
  ///
  /// @param time seconds since 1970
  /// @param p50 milliseconds
  record Point(
      long time,
      double requestsPerSecond,
      double errorsPerSecond,
      OptionalDouble p50,
      OptionalDouble p99) {}
}
