package dev.berth.cli.verb;

import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// One word of the command line.
public abstract class Verb implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  protected final Terminal terminal;

  protected Verb(Terminal terminal) {
    this.terminal = terminal;
  }

  protected abstract Exit run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    return codeOf(run());
  }

  /// How it ends when it fails, also before it has begun, for a verb whose answer is a code.
  public Exit ofFailure(Exit exit) {
    return exit;
  }

  /// Another code than that of its end, for a verb that passes on what somebody else said.
  protected int codeOf(Exit exit) {
    return exit.code();
  }
}
