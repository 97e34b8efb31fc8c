package dev.berth.gitops.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A range of versions as package managers write it: `1.x`, `~1.2`, `^1.4.0`, `>=1.2 <2`, `1 - 3`,
/// alternatives with `||`. A version before a release (`2.0.0-rc.1`) is within a range only where
/// the range names one itself.
final class SemverRange {
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(0|[1-9]\\d{0,8})(?:\\.(0|[1-9]\\d{0,8}|[xX*]))?(?:\\.(0|[1-9]\\d{0,8}|[xX*]))?"
              + "(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
  private static final Pattern TERM = Pattern.compile("(>=|<=|>|<|=|\\^|~)?\\s*(\\S+)");

  /// @param pre what is after the dash; empty for a release
  record Version(int major, int minor, int patch, String pre) implements Comparable<Version> {

    static Optional<Version> parse(String text) {
      Matcher matcher = VERSION.matcher(text);
      if (!matcher.matches() || !isNumber(matcher.group(2)) || !isNumber(matcher.group(3))) {
        return Optional.empty();
      }
      return Optional.of(lowest(matcher));
    }

    static Version lowest(Matcher matcher) {
      return new Version(
          Integer.parseInt(matcher.group(1)),
          number(matcher.group(2)),
          number(matcher.group(3)),
          Optional.ofNullable(matcher.group(4)).orElse(""));
    }

    @Override
    public int compareTo(Version other) {
      int release =
          Comparator.comparingInt(Version::major)
              .thenComparingInt(Version::minor)
              .thenComparingInt(Version::patch)
              .compare(this, other);
      if (release != 0 || pre.equals(other.pre)) {
        return release;
      }
      if (pre.isEmpty() || other.pre.isEmpty()) {
        return pre.isEmpty() ? 1 : -1;
      }
      return comparePre(pre.split("\\."), other.pre.split("\\."));
    }

    private static int comparePre(String[] mine, String[] others) {
      for (int i = 0; i < Math.min(mine.length, others.length); i++) {
        int compared = comparePart(mine[i], others[i]);
        if (compared != 0) {
          return compared;
        }
      }
      return Integer.compare(mine.length, others.length);
    }

    private static int comparePart(String mine, String other) {
      boolean number = mine.matches("\\d{1,9}");
      boolean otherNumber = other.matches("\\d{1,9}");
      if (number && otherNumber) {
        return Integer.compare(Integer.parseInt(mine), Integer.parseInt(other));
      }
      return number == otherNumber ? mine.compareTo(other) : number ? -1 : 1;
    }
  }

  /// From `from` (with it) up to `below` (without it).
  private record Span(Version from, Version below) {
    boolean holds(Version version) {
      return version.compareTo(from) >= 0 && version.compareTo(below) < 0;
    }
  }

  private static final Version FIRST = new Version(0, 0, 0, "0");
  private static final Version LAST = new Version(Integer.MAX_VALUE, 0, 0, "");

  private final List<List<Span>> alternatives = new ArrayList<>();
  private final boolean preReleases;

  private SemverRange(String text) throws SourceException {
    for (String alternative : text.split("\\|\\|", -1)) {
      alternatives.add(terms(alternative.strip(), text));
    }
    this.preReleases = text.matches(".*\\d-[0-9A-Za-z].*");
  }

  static SemverRange parse(String text) throws SourceException {
    return new SemverRange(text);
  }

  /// The newest of these that is a version within the range.
  Optional<String> newest(Collection<String> tags) {
    return tags.stream()
        .filter(tag -> Version.parse(tag).filter(this::holds).isPresent())
        .max(Comparator.comparing(tag -> Version.parse(tag).orElse(FIRST)));
  }

  boolean holds(Version version) {
    return (preReleases || version.pre().isEmpty())
        && alternatives.stream()
            .anyMatch(spans -> spans.stream().allMatch(span -> span.holds(version)));
  }

  private static List<Span> terms(String text, String whole) throws SourceException {
    String[] between = text.split("\\s+-\\s+", -1);
    if (between.length == 2) {
      return List.of(
          new Span(span("", between[0], whole).from(), span("", between[1], whole).below()));
    }
    List<Span> spans = new ArrayList<>();
    Matcher matcher = TERM.matcher(text.replace(',', ' '));
    while (matcher.find()) {
      spans.add(span(Optional.ofNullable(matcher.group(1)).orElse(""), matcher.group(2), whole));
    }
    if (spans.isEmpty()) {
      throw wrong(whole);
    }
    return spans;
  }

  private static Span span(String operator, String text, String whole) throws SourceException {
    if (text.matches("[xX*]")) {
      return new Span(FIRST, LAST);
    }
    Matcher matcher = VERSION.matcher(text);
    if (!matcher.matches()) {
      throw wrong(whole);
    }
    Version low = Version.lowest(matcher);
    Version next = next(low, isNumber(matcher.group(2)), isNumber(matcher.group(3)));
    return switch (operator) {
      case ">=" -> new Span(low, LAST);
      case ">" -> new Span(next, LAST);
      case "<" -> new Span(FIRST, low.pre().isEmpty() ? before(low) : low);
      case "<=" -> new Span(FIRST, next);
      case "^" -> new Span(low, caret(low, isNumber(matcher.group(2))));
      case "~" ->
          new Span(
              low,
              isNumber(matcher.group(2))
                  ? new Version(low.major(), low.minor() + 1, 0, "0")
                  : new Version(low.major() + 1, 0, 0, "0"));
      default -> new Span(low, next);
    };
  }

  /// `<2.0.0` does not mean 2.0.0-rc.1.
  private static Version before(Version release) {
    return new Version(release.major(), release.minor(), release.patch(), "0");
  }

  private static Version caret(Version low, boolean hasMinor) {
    if (low.major() > 0 || !hasMinor) {
      return new Version(low.major() + 1, 0, 0, "0");
    }
    return low.minor() > 0
        ? new Version(0, low.minor() + 1, 0, "0")
        : new Version(0, 0, low.patch() + 1, "0");
  }

  /// The first version that is no more what was written, with the parts that were written.
  private static Version next(Version low, boolean hasMinor, boolean hasPatch) {
    if (!hasMinor) {
      return new Version(low.major() + 1, 0, 0, "0");
    }
    if (!hasPatch) {
      return new Version(low.major(), low.minor() + 1, 0, "0");
    }
    return low.pre().isEmpty()
        ? new Version(low.major(), low.minor(), low.patch() + 1, "0")
        : new Version(low.major(), low.minor(), low.patch(), low.pre() + ".0");
  }

  private static boolean isNumber(@Nullable String part) {
    return part != null && Character.isDigit(part.charAt(0));
  }

  private static int number(@Nullable String part) {
    return part != null && isNumber(part) ? Integer.parseInt(part) : 0;
  }

  private static SourceException wrong(String range) {
    return new SourceException(
        SourceException.INVALID,
        "spec.ref.semver " + range + " is no range of versions: write 1.x, ^1.4.0 or >=1.2 <2");
  }
}
