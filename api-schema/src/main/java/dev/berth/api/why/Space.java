package dev.berth.api.why;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which disk a message calls full.
///
/// @param disk `the disk of /srv/agent`; of a node, where the message names no directory
record Space(String disk) {
  private static final Pattern DIRECTORY =
      Pattern.compile("disk of (/[^,;:]*?)(?= is |[,;:]|$)|; (/[^,;:]*?) has [^;]* free");

  static Space of(String message, String node) {
    Matcher found = DIRECTORY.matcher(message);
    return new Space(
        "the disk of "
            + (found.find()
                ? Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2))
                : "node " + node));
  }

  Remedy free(String otherwise) {
    return Remedy.of(
        "free space on "
            + disk
            + ", or delete an app that is not needed: berth delete modelapp NAME"
            + otherwise,
        "berth get modelapps -A");
  }
}
