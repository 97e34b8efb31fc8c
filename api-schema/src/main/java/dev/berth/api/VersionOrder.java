package dev.berth.api;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which version of a kind clients shall prefer. Kubernetes, "Versions in
/// CustomResourceDefinitions", Version priority: `v10`, `v2`, `v1`, `v11beta2`, `v3beta1`,
/// `v12alpha1`, then all others by name.
public final class VersionOrder {
  private static final Pattern KNOWN = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

  public static final Comparator<String> NEWEST =
      Comparator.comparingInt(VersionOrder::maturity)
          .thenComparingInt(VersionOrder::major)
          .thenComparingInt(VersionOrder::minor)
          .reversed()
          .thenComparing(Comparator.naturalOrder());

  private VersionOrder() {}

  private static int maturity(String version) {
    Matcher matcher = KNOWN.matcher(version);
    if (!matcher.matches()) {
      return 0;
    }
    return matcher.group(2) == null ? 3 : matcher.group(2).equals("beta") ? 2 : 1;
  }

  private static int major(String version) {
    return number(version, 1);
  }

  private static int minor(String version) {
    return number(version, 3);
  }

  private static int number(String version, int group) {
    Matcher matcher = KNOWN.matcher(version);
    return matcher.matches() && matcher.group(group) != null
        ? Integer.parseInt(matcher.group(group))
        : 0;
  }
}
