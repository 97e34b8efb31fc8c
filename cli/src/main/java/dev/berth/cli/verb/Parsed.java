package dev.berth.cli.verb;

import dev.berth.api.ImageRef;
import dev.berth.api.LabelSelector;
import dev.berth.api.Printable;
import dev.berth.cli.term.Failure;
import java.util.function.Function;

/// What a person wrote, read: a mistake in it is theirs to correct, not a fault of ours to report.
public final class Parsed {
  private Parsed() {}

  public static LabelSelector selector(String text) {
    return parsed("the selector", text, LabelSelector::parse);
  }

  public static ImageRef image(String text) {
    return parsed("the image name", text, ImageRef::parse);
  }

  /// `text` itself, where it can be part of a path.
  public static String name(String text) {
    if (text.isEmpty() || !text.matches("[A-Za-z0-9._:-]+")) {
      throw Failure.of(
          "\"" + Printable.line(text) + "\" is not a name: letters, digits, - and . only");
    }
    return text;
  }

  private static <T> T parsed(String what, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw Failure.of(
          what + " \"" + Printable.line(text) + "\" cannot be read: " + e.getMessage());
    }
  }
}
