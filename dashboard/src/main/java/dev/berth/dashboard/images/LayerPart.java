package dev.berth.dashboard.images;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a layer brings, for people who ask why an image is large or what a push will send again.
/// What a step does can only be guessed from its text; who wrote it is known.
enum LayerPart {
  /// Of the image that the build began from.
  BASE,
  /// Somebody else's code: a package manager's work, or its results copied.
  LIBRARIES,
  /// The rest: what the author of the script brought.
  APPLICATION;

  private static final Pattern INSTALLS =
      Pattern.compile(
          "\\b(pip3?|uv|poetry|pdm|conda|mamba|apt|apt-get|apk|dnf|yum|microdnf|npm|yarn|pnpm|gem"
              + "|bundle|cargo|mvn|gradle|composer)\\b.*\\b(install|add|sync|ci|get|fetch"
              + "|dependency:\\S*|update|download)\\b",
          Pattern.DOTALL);
  private static final Pattern COPIED =
      Pattern.compile("site-packages|dist-packages|node_modules|/\\.?venv\\b|/opt/conda");

  /// Of a step that the image's own script has.
  static LayerPart ofStep(String instruction) {
    String text = instruction.toLowerCase(Locale.ROOT);
    return INSTALLS.matcher(text).find() || COPIED.matcher(text).find() ? LIBRARIES : APPLICATION;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
