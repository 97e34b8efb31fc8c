package dev.berth.cli.progress;

import dev.berth.api.Printable;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Spans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns a tree into lines. Pure.
final class TreePrinter {
  private static final int WHAT = 30;

  private TreePrinter() {}

  /// The whole tree, each line cut to the width (a wrapped line would break the redraw).
  static List<String> block(Tree tree, int columns, boolean colours) {
    List<String> lines = new ArrayList<>();
    lines.add(title(tree, columns));
    int what =
        Math.max(
            WHAT, tree.rows().stream().mapToInt(row -> row.what().length()).max().orElse(0) + 1);
    for (Row row : tree.rows()) {
      lines.add(paint(row.state(), cut(line(row, what), columns), colours));
      addBelow(lines, row, what, columns, colours);
    }
    return lines;
  }

  private static String title(Tree tree, int columns) {
    String time =
        Spans.format(tree.elapsed())
            + tree.limit().map(limit -> " / " + Spans.format(limit)).orElse("");
    String title = Printable.line(tree.title());
    return cut(
        title
            + " ".repeat(Math.max(2, Math.min(columns, 78) - title.length() - time.length()))
            + time,
        columns);
  }

  private static void addBelow(
      List<String> lines, Row row, int what, int columns, boolean colours) {
    int last = row.below().size() - 1;
    for (int i = 0; i <= last; i++) {
      Row child = row.below().get(i);
      String branch = i == last ? "     '- " : "     |- ";
      String text =
          branch + pad(Printable.line(child.what()), what - 3) + Printable.line(child.detail());
      lines.add(paint(child.state(), cut(text.stripTrailing(), columns), colours));
    }
  }

  private static String line(Row row, int what) {
    return (" "
            + row.state().mark()
            + "  "
            + pad(Printable.line(row.what()), what)
            + Printable.line(row.detail()))
        .stripTrailing();
  }

  private static String paint(Row.State state, String line, boolean colours) {
    return switch (state) {
      case DONE -> Paint.GREEN.of(line, colours);
      case FAILED -> Paint.RED.of(line, colours);
      case WAITING, UNCHANGED -> Paint.DIM.of(line, colours);
      case RUNNING -> line;
    };
  }

  /// Everything with a state, by its path in the tree: what a change is a change of.
  static Map<String, String> flat(Tree tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    for (Row row : tree.rows()) {
      flat.put(row.what(), entry(row, ""));
      row.below().forEach(child -> flat.put(row.what() + "/" + child.what(), entry(child, "  ")));
    }
    return flat;
  }

  private static String entry(Row row, String indent) {
    return (row.state().mark()
            + "  "
            + indent
            + pad(Printable.line(row.what()), WHAT)
            + Printable.line(row.detail()))
        .stripTrailing();
  }

  private static String pad(String text, int width) {
    return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
  }

  private static String cut(String line, int columns) {
    return line.length() < columns ? line : line.substring(0, columns - 2) + "~";
  }
}
