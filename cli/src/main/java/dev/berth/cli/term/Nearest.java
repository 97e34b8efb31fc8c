package dev.berth.cli.term;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// "Did you mean": the known word with the fewest edits, if few enough to be a slip.
public final class Nearest {
  private static final int MOST = 3;

  private Nearest() {}

  public static Optional<String> to(String word, Collection<String> known) {
    return all(word, known).stream().findFirst();
  }

  /// The few nearest, the nearest first.
  public static List<String> all(String word, Collection<String> known) {
    return known.stream()
        .filter(
            candidate ->
                distance(word, candidate)
                        <= Math.max(1, Math.min(word.length(), candidate.length()) / 3)
                    || (word.length() >= 3 && candidate.startsWith(word)))
        .sorted(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .limit(MOST)
        .toList();
  }

  /// Edits with swaps of neighbours counted as one (`aplpy` is one slip away from `apply`).
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
