package dev.berth.dashboard.rows;

import java.util.Locale;

/// How an object is, the worst first.
public enum Health {
  /// It does not do its work, and will not by itself.
  FAILING,
  /// It does its work, but something is wrong.
  WARNING,
  /// On its way; passes by itself.
  WORKING,
  /// Somebody stopped it.
  PAUSED,
  OK;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isProblem() {
    return this == FAILING || this == WARNING;
  }
}
