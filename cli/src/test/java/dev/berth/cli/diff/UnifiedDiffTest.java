package dev.berth.cli.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static final Pattern HEAD =
      Pattern.compile("@@ -([0-9]+)(?:,([0-9]+))? [+]([0-9]+)(?:,([0-9]+))? @@");

  /// The example of GNU diffutils' manual, section "Example of Unified Format".
  @Test
  void theManualsExample() {
    List<String> lao =
        List.of(
            "The Way that can be told of is not the eternal Way;",
            "The name that can be named is not the eternal name.",
            "The Nameless is the origin of Heaven and Earth;",
            "The Named is the mother of all things.",
            "Therefore let there always be non-being,",
            "  so we may see their subtlety,",
            "And let there always be being,",
            "  so we may see their outcome.",
            "The two are the same,",
            "But after they are produced,",
            "  they have different names.");
    List<String> tzu = new ArrayList<>(lao.subList(2, 3));
    tzu.addAll(List.of("The named is the mother of all things.", ""));
    tzu.addAll(lao.subList(4, 11));
    tzu.addAll(
        List.of(
            "They both may be called deep and profound.",
            "Deeper and more profound,",
            "The door of all subtleties!"));
    assertEquals(
        List.of(
            "@@ -1,7 +1,6 @@",
            "-" + lao.get(0),
            "-" + lao.get(1),
            " " + lao.get(2),
            "-" + lao.get(3),
            "+The named is the mother of all things.",
            "+",
            " " + lao.get(4),
            " " + lao.get(5),
            " " + lao.get(6),
            "@@ -9,3 +8,6 @@",
            " " + lao.get(8),
            " " + lao.get(9),
            " " + lao.get(10),
            "+They both may be called deep and profound.",
            "+Deeper and more profound,",
            "+The door of all subtleties!"),
        UnifiedDiff.of(lao, tzu));
  }

  @Test
  void equalTextsHaveNoHunkAndEmptyOnesOne() {
    assertEquals(List.of(), UnifiedDiff.of(List.of("a"), List.of("a")));
    assertEquals(List.of("@@ -0,0 +1 @@", "+a"), UnifiedDiff.of(List.of(), List.of("a")));
    assertEquals(List.of("@@ -1 +0,0 @@", "-a"), UnifiedDiff.of(List.of("a"), List.of()));
  }

  @Test
  void whatDiffersWhollyIsShownWholly() {
    List<String> a = Collections.nCopies(5000, "a");
    List<String> b = Collections.nCopies(5000, "b");
    assertEquals(10_001, UnifiedDiff.of(a, b).size());
  }

  @Test
  void eachDiffLeadsFromTheOneTextToTheOther() {
    long seed = new Random().nextLong();
    System.err.println("UnifiedDiffTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      List<String> a = text(random, random.nextInt(40));
      List<String> b = changed(a, random);
      assertEquals(b, applied(a, UnifiedDiff.of(a, b)), "seed " + seed + " round " + i);
    }
  }

  private static List<String> text(Random random, int lines) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      text.add("line " + random.nextInt(6));
    }
    return text;
  }

  private static List<String> changed(List<String> text, Random random) {
    List<String> copy = new ArrayList<>(text);
    for (int n = random.nextInt(5); n > 0; n--) {
      int at = random.nextInt(copy.size() + 1);
      if (random.nextBoolean() || at == copy.size()) {
        copy.add(at, "line " + random.nextInt(6));
      } else {
        copy.remove(at);
      }
    }
    return copy;
  }

  /// As patch(1) does it, without any tolerance.
  private static List<String> applied(List<String> text, List<String> diff) {
    List<String> out = new ArrayList<>();
    int at = 0;
    int i = 0;
    while (i < diff.size()) {
      Matcher head = HEAD.matcher(diff.get(i++));
      assertTrue(head.matches());
      int length = head.group(2) == null ? 1 : Integer.parseInt(head.group(2));
      int first = Integer.parseInt(head.group(1)) - (length == 0 ? 0 : 1);
      out.addAll(text.subList(at, first));
      at = first;
      int fresh = head.group(4) == null ? 1 : Integer.parseInt(head.group(4));
      assertEquals(Integer.parseInt(head.group(3)), out.size() + (fresh == 0 ? 0 : 1));
      int begun = out.size();
      while (i < diff.size() && !diff.get(i).startsWith("@@")) {
        String line = diff.get(i++);
        if (line.charAt(0) != '+') {
          assertEquals(text.get(at++), line.substring(1));
        }
        if (line.charAt(0) != '-') {
          out.add(line.substring(1));
        }
      }
      assertEquals(length, at - first);
      assertEquals(fresh, out.size() - begun);
    }
    out.addAll(text.subList(at, text.size()));
    return out;
  }
}
