package dev.berth.agent.diagnosis;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Names that somebody may have meant.
public final class Nearest {
  private Nearest() {}

  /// At most `most`, nearest first; none that is too far away to be a slip of the pen.
  public static List<String> of(String wanted, Collection<String> names, int most) {
    return names.stream()
        .filter(n -> distance(n, wanted) <= Math.max(1, wanted.length() / 3))
        .sorted(
            Comparator.comparingInt((String n) -> distance(n, wanted))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  /// Levenshtein's: how many letters differ, are missing or are too many.
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
