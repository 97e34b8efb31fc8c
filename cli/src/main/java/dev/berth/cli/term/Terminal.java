package dev.berth.cli.term;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// The two streams of a command and what is known of them. The launcher asks the questions that a
/// JVM cannot (is this one stream a terminal, how wide is it) and answers by system properties.
public final class Terminal {
  private static final int DEFAULT_COLUMNS = 100;
  private static final int DEFAULT_ROWS = 40;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final boolean colours;
  private final boolean unicode;
  private final int columns;
  private final int rows;

  private Terminal(
      PrintStream out, PrintStream err, Map<String, String> env, Properties properties) {
    this.out = out;
    this.err = err;
    boolean dumb = "dumb".equals(env.get("TERM"));
    outIsTerminal = Boolean.parseBoolean(properties.getProperty("berth.tty.out"));
    errIsTerminal = Boolean.parseBoolean(properties.getProperty("berth.tty.err")) && !dumb;
    colours = !dumb && env.getOrDefault("NO_COLOR", "").isEmpty();
    // The launcher gives the JVM a locale where there is none: what the person has, it tells.
    String locale = properties.getProperty("berth.locale", localeOf(env));
    unicode = !dumb && locale.replace("-", "").toLowerCase(java.util.Locale.ROOT).contains("utf8");
    columns = number(properties.getProperty("berth.columns")).orElse(DEFAULT_COLUMNS);
    rows = number(properties.getProperty("berth.rows")).orElse(DEFAULT_ROWS);
  }

  public static Terminal system() {
    return new Terminal(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        System.getProperties());
  }

  /// For tests: streams of their own and whatever environment.
  public static Terminal of(
      OutputStream out, OutputStream err, Map<String, String> env, Properties properties) {
    return new Terminal(print(out), print(err), env, properties);
  }

  /// A line of data.
  public void data(String line) {
    out.println(line);
    if (outIsTerminal) {
      out.flush();
    }
  }

  /// Data as it is, for bodies and streams.
  public PrintStream dataStream() {
    return out;
  }

  /// The other stream as it is, for what a command in a container writes there.
  public PrintStream progressStream() {
    return err;
  }

  /// A line for the person: progress, hints, warnings.
  public void say(String line) {
    err.println(line);
    err.flush();
  }

  /// Control sequences and all, for the progress tree only.
  public void draw(String raw) {
    err.print(raw);
    err.flush();
  }

  public void flush() {
    out.flush();
    err.flush();
  }

  /// False once data could not be written, as to a pipe whose reader has left: who follows
  /// something ends then. Flushes.
  public boolean dataIsTaken() {
    return !out.checkError();
  }

  public boolean dataIsSeen() {
    return outIsTerminal;
  }

  public boolean progressIsSeen() {
    return errIsTerminal;
  }

  public boolean coloursInData() {
    return colours && outIsTerminal;
  }

  public boolean coloursInProgress() {
    return colours && errIsTerminal;
  }

  public boolean unicode() {
    return unicode;
  }

  public int columns() {
    return columns;
  }

  /// How wide a line of data may be: what nobody sees is never wrapped.
  public int dataColumns() {
    return outIsTerminal ? columns : Wrap.NEVER;
  }

  public int rows() {
    return rows;
  }

  private static String localeOf(Map<String, String> env) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = env.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  private static Optional<Integer> number(@org.jspecify.annotations.Nullable String text) {
    return Optional.ofNullable(text)
        .filter(t -> t.matches("[0-9]{2,4}"))
        .map(Integer::valueOf)
        .filter(n -> n >= 10);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return print(new FileOutputStream(descriptor));
  }

  private static PrintStream print(OutputStream stream) {
    return new PrintStream(new BufferedOutputStream(stream, 8192), false, StandardCharsets.UTF_8);
  }
}
