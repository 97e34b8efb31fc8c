package dev.berth.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// "Did you mean": the known names that a misspelt one was meant to be. Case does not count.
public final class Nearest {
  /// No name of ours is longer; the cost of a comparison is the product of both lengths.
  private static final int LONGEST = 300;

  /// A word that begins a name stands for it from this length on (`desc`: `describe`).
  private static final int PREFIX = 3;

  private Nearest() {}

  /// The nearest name, if it is near enough to be a slip of the pen.
  public static Optional<String> of(String wrong, Collection<String> names) {
    return few(wrong, names, 1).stream().findFirst();
  }

  /// At most `most` names, the nearest first.
  public static List<String> few(String wrong, Collection<String> names, int most) {
    return names.stream()
        .filter(name -> isNear(wrong, name))
        .sorted(
            Comparator.comparingInt((String name) -> distance(wrong, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  /// How many letters are inserted, dropped, changed or swapped with their neighbour (optimal
  /// string alignment: `aplpy` is one slip away from `apply`).
  public static int distance(String wrong, String name) {
    String a = wrong.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static boolean isNear(String wrong, String name) {
    if (wrong.length() > LONGEST || name.length() > LONGEST) {
      return false;
    }
    boolean begins = wrong.length() >= PREFIX && name.startsWith(wrong);
    int allowed = Math.max(1, Math.min(wrong.length(), name.length()) / 3);
    return begins || distance(wrong, name) <= allowed;
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
