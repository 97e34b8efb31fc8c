package dev.berth.cli;

import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Nearest;
import dev.berth.cli.term.Printable;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Problems;
import dev.berth.cli.verb.Verb;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `berth` command: one switch over the first word, then a command line for that verb alone
/// (describing all of them to picocli would cost more than most verbs take).
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.system();
    int code = run(terminal, args);
    terminal.flush();
    Runtime.getRuntime().exit(code);
  }

  static int run(Terminal terminal, String... args) {
    String word = args.length == 0 ? "help" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    return switch (word) {
      case "help", "-h", "--help" -> help(terminal, rest);
      case "-V", "--version" -> run(terminal, "version", "--client");
      default ->
          Verbs.of(word, rest, terminal)
              .map(found -> execute(terminal, found))
              .orElseGet(() -> unknown(terminal, word));
    };
  }

  private static int help(Terminal terminal, String[] words) {
    if (words.length > 0) {
      return run(terminal, words[0], "--help");
    }
    Verbs.help().forEach(terminal::data);
    return Exit.OK.code();
  }

  private static int unknown(Terminal terminal, String word) {
    Optional<String> nearest = Nearest.to(word, Verbs.names());
    String hint = nearest.map(verb -> "; did you mean \"" + verb + "\"?").orElse("");
    terminal.say("berth: there is no verb \"" + Printable.line(word) + "\"" + hint);
    terminal.say("  run: " + nearest.map(verb -> "berth " + verb + " --help").orElse("berth help"));
    return Exit.FAILED.code();
  }

  private static int execute(Terminal terminal, Verbs.Found found) {
    return line(found.verb(), terminal).execute(found.args().toArray(String[]::new));
  }

  static CommandLine line(Verb verb, Terminal terminal) {
    CommandLine line = new CommandLine(verb);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.coloursInData() ? Ansi.ON : Ansi.OFF));
    line.setOut(new PrintWriter(terminal.dataStream(), true, StandardCharsets.UTF_8));
    line.setUsageHelpWidth(Math.min(terminal.columns(), 110));
    line.setUsageHelpAutoWidth(false);
    // `--data @file` is the verb's to read; picocli would take the file for more words.
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler((problem, _) -> usage(terminal, problem));
    line.setExecutionExceptionHandler(
        (problem, command, _) ->
            Problems.report(terminal, command.getCommandName(), problem).code());
    return line;
  }

  private static int usage(Terminal terminal, ParameterException problem) {
    String verb = problem.getCommandLine().getCommandName();
    terminal.say(verb + ": " + Printable.line(String.valueOf(problem.getMessage())));
    if (problem instanceof UnmatchedArgumentException unmatched) {
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(near -> terminal.say("  did you mean " + near + "?"));
    }
    terminal.say("  run: " + verb + " --help");
    return Exit.FAILED.code();
  }
}
