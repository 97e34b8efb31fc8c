package dev.berth.api.codec;

import java.util.List;

/// Everything that is wrong with a manifest against the schema of its kind, all at once, in the
/// order of the text.
public final class StrictDecoder {
  private StrictDecoder() {}

  public static List<Problem> check(Manifest manifest) {
    return Unfinished.yet(manifest);
  }
}
