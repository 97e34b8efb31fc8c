package dev.berth.cli.progress;

import java.util.ArrayList;
import java.util.List;

/// One line of the tree: what it is about, how it stands, and the lines below it.
public record Row(State state, String what, String detail, List<Row> below) {
  /// The marks are words, so that colours carry nothing that a log file would lose.
  public enum State {
    WAITING("  "),
    RUNNING(".."),
    DONE("OK"),
    UNCHANGED("--"),
    FAILED("XX");

    private final String mark;

    State(String mark) {
      this.mark = mark;
    }

    public String mark() {
      return mark;
    }
  }

  public Row {
    below = List.copyOf(below);
  }

  public static Row of(State state, String what, String detail) {
    return new Row(state, what, detail, List.of());
  }

  public Row with(Row child) {
    List<Row> more = new ArrayList<>(below);
    more.add(child);
    return new Row(state, what, detail, more);
  }
}
