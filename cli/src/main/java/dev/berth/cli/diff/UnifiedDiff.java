package dev.berth.cli.diff;

import java.util.ArrayList;
import java.util.List;

/// The unified format of `diff -u` (GNU diffutils, "Detailed Description of Unified Format"): three
/// lines of context, hunks that touch are one.
///
/// Equal ends are cut off first; the rest is compared by its longest common subsequence, in a table
/// of at most 16 million cells. Beyond that all of the middle counts as changed, which is true, if
/// not the shortest.
public final class UnifiedDiff {
  private static final int CONTEXT = 3;
  private static final long LARGEST_TABLE = 16_000_000;

  /// A line of the answer: its mark (blank, `-`, `+`) and text.
  private record Line(char mark, String text) {}

  private UnifiedDiff() {}

  /// The hunks, without the two lines of names; none for equal texts.
  public static List<String> of(List<String> before, List<String> after) {
    return hunks(lines(before, after));
  }

  private static List<Line> lines(List<String> a, List<String> b) {
    int start = 0;
    while (start < Math.min(a.size(), b.size()) && a.get(start).equals(b.get(start))) {
      start++;
    }
    int end = 0;
    while (end < Math.min(a.size(), b.size()) - start
        && a.get(a.size() - 1 - end).equals(b.get(b.size() - 1 - end))) {
      end++;
    }
    List<Line> all = new ArrayList<>();
    a.subList(0, start).forEach(text -> all.add(new Line(' ', text)));
    middle(a.subList(start, a.size() - end), b.subList(start, b.size() - end), all);
    a.subList(a.size() - end, a.size()).forEach(text -> all.add(new Line(' ', text)));
    return all;
  }

  private static void middle(List<String> a, List<String> b, List<Line> all) {
    if ((long) a.size() * b.size() > LARGEST_TABLE) {
      a.forEach(text -> all.add(new Line('-', text)));
      b.forEach(text -> all.add(new Line('+', text)));
      return;
    }
    int[][] common = common(a, b);
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      boolean same = i < a.size() && j < b.size() && a.get(i).equals(b.get(j));
      if (same) {
        all.add(new Line(' ', a.get(i)));
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
        all.add(new Line('-', a.get(i++)));
      } else {
        all.add(new Line('+', b.get(j++)));
      }
    }
  }

  /// How long the longest common subsequence from each pair of lines on is.
  private static int[][] common(List<String> a, List<String> b) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static List<String> hunks(List<Line> all) {
    List<String> out = new ArrayList<>();
    int[] next = {1, 1}; // numbers of the lines to come, before and after
    int at = 0;
    while (at < all.size()) {
      int change = nextChange(all, at);
      if (change < 0) {
        break;
      }
      int from = Math.max(at, change - CONTEXT);
      int to = end(all, change);
      count(all.subList(at, from), next);
      hunk(all.subList(from, to), next, out);
      at = to;
    }
    return out;
  }

  private static int nextChange(List<Line> all, int from) {
    for (int i = from; i < all.size(); i++) {
      if (all.get(i).mark() != ' ') {
        return i;
      }
    }
    return -1;
  }

  /// Behind the context of the last change of this hunk.
  private static int end(List<Line> all, int change) {
    int last = change;
    int next = change;
    while (next >= 0 && next - last <= 2 * CONTEXT + 1) {
      last = next;
      next = nextChange(all, last + 1);
    }
    return Math.min(all.size(), last + CONTEXT + 1);
  }

  private static void count(List<Line> lines, int[] next) {
    for (Line line : lines) {
      next[0] += line.mark() == '+' ? 0 : 1;
      next[1] += line.mark() == '-' ? 0 : 1;
    }
  }

  private static void hunk(List<Line> lines, int[] next, List<String> out) {
    int before = next[0];
    int after = next[1];
    count(lines, next);
    out.add(
        "@@ -" + range(before, next[0] - before) + " +" + range(after, next[1] - after) + " @@");
    lines.forEach(line -> out.add(line.mark() + line.text()));
  }

  /// An empty side is named by the line before it.
  private static String range(int first, int length) {
    return length == 1 ? "" + first : (length == 0 ? first - 1 : first) + "," + length;
  }
}
