package dev.berth.controller.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The completed indexes of a Job as its status writes them: `0-2,4`.
final class Indexes {
  private Indexes() {}

  static NavigableSet<Integer> parse(String text) {
    NavigableSet<Integer> indexes = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", -1);
      try {
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
          indexes.add(i);
        }
      } catch (NumberFormatException e) {
        // The status is ours alone: what is not a number is the empty text.
      }
    }
    return indexes;
  }

  static String format(NavigableSet<Integer> indexes) {
    List<String> parts = new ArrayList<>();
    Iterator<Integer> rest = indexes.iterator();
    if (!rest.hasNext()) {
      return "";
    }
    int first = rest.next();
    int last = first;
    while (rest.hasNext()) {
      int next = rest.next();
      if (next != last + 1) {
        parts.add(part(first, last));
        first = next;
      }
      last = next;
    }
    parts.add(part(first, last));
    return String.join(",", parts);
  }

  private static String part(int first, int last) {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
