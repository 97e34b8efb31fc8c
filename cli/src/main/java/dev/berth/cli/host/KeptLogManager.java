package dev.berth.cli.host;

import java.util.logging.LogManager;

/// The JDK's log manager closes its handlers in a shutdown hook of its own, racing ours: what
/// happens while we stop would not be logged. This one keeps them; the process ends anyway.
public final class KeptLogManager extends LogManager {
  /// Called by the JDK, by the name in a system property.
  public KeptLogManager() {}

  @Override
  public void reset() {
    // Deliberately nothing: see above.
  }
}
