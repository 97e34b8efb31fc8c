package dev.berth.cli.progress;

import dev.berth.api.Printable;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Shows trees. On a terminal the block is redrawn in place; elsewhere each changed line is printed
/// once, with the time it changed at.
public final class Board {
  private static final Duration REDRAW = Duration.ofMillis(100);

  private final Terminal terminal;
  private final boolean redraws;
  private final Map<String, String> shown = new HashMap<>();
  private int drawnLines;
  private Duration drawnAt = Duration.ofDays(-1);

  public Board(Terminal terminal) {
    this(terminal, terminal.progressIsSeen());
  }

  private Board(Terminal terminal, boolean redraws) {
    this.terminal = terminal;
    this.redraws = redraws;
  }

  /// One line per change, on a terminal too: where other lines come in between, nothing can be
  /// redrawn in place.
  public static Board ofLines(Terminal terminal) {
    return new Board(terminal, false);
  }

  /// Shows this moment; may skip it on a terminal when the last one is too young.
  public void show(Tree tree) {
    if (!redraws) {
      printChanges(tree);
    } else if (tree.elapsed().minus(drawnAt).compareTo(REDRAW) >= 0) {
      draw(tree);
    }
  }

  /// Shows the last moment, whatever the rate.
  public void finish(Tree tree) {
    if (redraws) {
      draw(tree);
    } else {
      printChanges(tree);
    }
  }

  private void draw(Tree tree) {
    drawnAt = tree.elapsed();
    List<String> lines =
        fitting(TreePrinter.block(tree, terminal.columns(), terminal.coloursInProgress()));
    String back = drawnLines == 0 ? "" : "\u001b[" + drawnLines + "A\r";
    terminal.draw(
        lines.stream()
            .map(line -> line + "\u001b[K\n")
            .collect(Collectors.joining("", back, "\u001b[J")));
    drawnLines = lines.size();
  }

  /// What has scrolled off the screen cannot be redrawn: the end of a long tree is where things
  /// move.
  private List<String> fitting(List<String> lines) {
    int room = terminal.rows() - 2;
    if (lines.size() <= room) {
      return lines;
    }
    List<String> shown = new ArrayList<>();
    shown.add(lines.getFirst());
    shown.add(" ... " + (lines.size() - room + 1) + " lines");
    shown.addAll(lines.subList(lines.size() - room + 2, lines.size()));
    return shown;
  }

  private void printChanges(Tree tree) {
    if (shown.isEmpty()) {
      terminal.say(Printable.line(tree.title()));
    }
    TreePrinter.flat(tree)
        .forEach(
            (path, line) -> {
              if (!line.equals(shown.put(path, line))) {
                terminal.say(String.format("%6s  %s", Spans.format(tree.elapsed()), line));
              }
            });
  }
}
