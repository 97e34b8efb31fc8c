package dev.berth.cli.why;

import dev.berth.api.Printable;
import dev.berth.api.Times;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Wrap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// An explanation as a person reads it: the verdict, what it rests on, what follows, what to do,
/// and the command that shows more.
///
/// ```
/// digits is not ready since 2026-11-22T21:30:05Z (2m10s): CommandNotFound
///
/// because  pod digits-model-r1-x7k2p: there is no /serve in the image (exit code 127)
///          | exec /serve: no such file
/// so       endpoint digits-model has no ready replica
/// fix      correct spec.model.command
/// see      berth logs pod/digits-model-r1-x7k2p --previous
/// ```
public final class WhyPage {
  private static final int LOG_LINES = 12;

  private final boolean colours;
  private final int columns;
  private final Instant now;
  private final UnaryOperator<String> same;
  private final List<String> lines = new ArrayList<>();

  /// `same` makes a command talk to the same server and namespace.
  public WhyPage(boolean colours, int columns, Instant now, UnaryOperator<String> same) {
    this.colours = colours;
    this.columns = columns;
    this.now = now;
    this.same = same;
  }

  public List<String> of(JsonNode target, Explanation why) {
    String name = Subjects.called(target);
    if (why.healthy()) {
      wrapped("", Paint.GREEN, name + " is healthy", ": " + Health.of(target, why));
      return lines;
    }
    why.root().ifPresentOrElse(root -> wrong(name, root, why), () -> underWay(name, target, why));
    return lines;
  }

  private void wrong(String name, Cause root, Explanation why) {
    wrapped("", Paint.RED, name + " is not ready", since(root.since()) + ": " + root.reason());
    lines.add("");
    Column because = new Column("because");
    because(because, root);
    why.evidence().stream().filter(line -> !line.contains(root.message())).forEach(because::add);
    Column so = new Column("so");
    why.chain().stream()
        .filter(link -> !link.subject().equals(root.subject()))
        .forEach(link -> so.add(link.subject() + " " + link.statement()));
    Column fix = new Column("fix");
    fixes(why).forEach(fix::add);
    root.command().map(same).ifPresent(new Column("see")::add);
  }

  /// Nothing is known to be wrong: what it waits for, and what was seen on the way.
  private void underWay(String name, JsonNode target, Explanation why) {
    wrapped("", Paint.YELLOW, name + " is not ready yet", "");
    lines.add("");
    Column waits = new Column("waits");
    if (why.chain().isEmpty()) {
      waits.add(Health.of(target, why));
    }
    why.chain().forEach(link -> waits.add(link.statement()));
    Column seen = new Column("seen");
    why.evidence().forEach(seen::add);
    new Column("more").add(same.apply("berth describe " + Subjects.word(target)));
  }

  private String since(Optional<Instant> since) {
    return since
        .map(t -> " since " + Times.format(t) + " (" + Times.age(Duration.between(t, now)) + ")")
        .orElse("");
  }

  private void wrapped(String first, Paint paint, String painted, String rest) {
    List<String> wrapped = Wrap.hanging(first, Printable.line(painted + rest), columns);
    String head = Printable.line(painted);
    lines.add(
        wrapped.getFirst().startsWith(head)
            ? paint.of(head, colours) + wrapped.getFirst().substring(head.length())
            : wrapped.getFirst());
    lines.addAll(wrapped.subList(1, wrapped.size()));
  }

  private void because(Column column, Cause root) {
    String ending = ending(root);
    column.add(
        (root.subject().isEmpty() ? "" : root.subject() + ": ")
            + root.message()
            + (ending.isEmpty() ? "" : " (" + ending + ")"));
    List<String> tail = root.logTail();
    tail.subList(Math.max(0, tail.size() - LOG_LINES), tail.size()).forEach(column::quote);
  }

  /// The signal or the exit code, where the message does not name it.
  private static String ending(Cause root) {
    if (root.signal().isPresent()) {
      String signal = root.signal().get();
      return root.message().contains(signal) ? "" : signal;
    }
    if (root.exitCode().orElse(0) == 0) {
      return "";
    }
    int code = root.exitCode().orElse(0);
    boolean said = root.message().matches("(?s).*(code|with) " + code + "\\b.*");
    return said ? "" : "exit code " + code;
  }

  private Set<String> fixes(Explanation why) {
    Set<String> fixes = new LinkedHashSet<>();
    why.root().map(Cause::fix).filter(fix -> !fix.isEmpty()).ifPresent(fixes::add);
    fixes.addAll(why.fixes());
    return fixes;
  }

  /// A word on the left, then its sentences below one another.
  private final class Column {
    private static final int WIDTH = 9;

    private String word;

    Column(String word) {
      this.word = word;
    }

    void add(String sentence) {
      String head = head();
      List<String> wrapped = Wrap.hanging(head, Printable.line(sentence), columns);
      lines.add(
          Paint.BOLD.of(head, colours && !head.isBlank()) + wrapped.getFirst().substring(WIDTH));
      lines.addAll(wrapped.subList(1, wrapped.size()));
    }

    void quote(String logLine) {
      lines.add(
          Paint.BOLD.of(head(), colours && !word.isEmpty())
              + Paint.DIM.of("| " + Printable.line(logLine), colours));
    }

    private String head() {
      String head = String.format("%-" + WIDTH + "s", word);
      word = "";
      return head;
    }
  }
}
