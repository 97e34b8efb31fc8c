package dev.berth.cli.term;

import dev.berth.api.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Rows under headings, as wide as they need to be; a later row may widen the columns.
public final class Table {
  private static final String GAP = "   ";

  private final List<String> headings;
  private final int[] widths;

  public Table(List<String> headings) {
    this.headings = headings.stream().map(heading -> heading.toUpperCase(Locale.ROOT)).toList();
    this.widths = this.headings.stream().mapToInt(String::length).toArray();
  }

  public List<String> lines(List<List<String>> rows) {
    List<List<String>> printable =
        rows.stream().map(row -> row.stream().map(Printable::line).toList()).toList();
    printable.forEach(this::widen);
    List<String> lines = new ArrayList<>();
    lines.add(line(headings));
    printable.forEach(row -> lines.add(line(row)));
    return lines;
  }

  /// One more row, in the columns as they are now.
  public String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = Printable.line(cells.get(i));
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()))).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  public void widen(List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }
}
