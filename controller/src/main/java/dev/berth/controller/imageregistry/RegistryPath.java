package dev.berth.controller.imageregistry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path below `/v2/`: a repository, one of its collections, and what is named in it.
record RegistryPath(String repository, String collection, String reference) {
  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "/v2/("
              + PART
              + "(?:/"
              + PART
              + ")*)/(blobs/uploads|blobs|manifests|tags|referrers)(?:/([^/]*))?");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final int LONGEST_NAME = 255;

  static Optional<RegistryPath> parse(String path) {
    Matcher match = FORM.matcher(path.replace("%3A", ":").replace("%3a", ":"));
    if (!match.matches() || match.group(1).length() > LONGEST_NAME) {
      return Optional.empty();
    }
    String reference = match.group(3) == null ? "" : match.group(3);
    return Optional.of(new RegistryPath(match.group(1), match.group(2), reference));
  }

  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  static boolean isRepository(String text) {
    return text.matches(PART + "(?:/" + PART + ")*");
  }
}
