package dev.berth.dashboard.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Counts failed logins by address, so that guessing is slow and costs the server nothing. Another
/// address is never held up by them.
final class Failures {
  static final int MOST = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 4_096;

  private final InstantSource clock;
  private final Map<String, Window> byAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  private record Window(Instant ends, int count) {}

  Failures(InstantSource clock) {
    this.clock = clock;
  }

  /// Seconds until this address may try again; empty where it may now.
  synchronized OptionalInt wait(String address) {
    Instant now = clock.instant();
    Window window = byAddress.get(address);
    return window != null && window.count() >= MOST && now.isBefore(window.ends())
        ? OptionalInt.of((int) Duration.between(now, window.ends()).toSeconds() + 1)
        : OptionalInt.empty();
  }

  synchronized void add(String address) {
    Instant now = clock.instant();
    Window window = byAddress.get(address);
    byAddress.put(
        address,
        window == null || !now.isBefore(window.ends())
            ? new Window(now.plus(WINDOW), 1)
            : new Window(window.ends(), window.count() + 1));
  }

  synchronized int size() {
    return byAddress.size();
  }
}
