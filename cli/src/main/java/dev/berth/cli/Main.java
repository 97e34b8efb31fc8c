package dev.berth.cli;

import dev.berth.api.Nearest;
import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
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
      case String help when isHelp(help) -> help(terminal, rest);
      case "-V", "--version" -> run(terminal, "version", "--client");
      default ->
          Verbs.of(word, rest, terminal)
              .map(found -> execute(terminal, found))
              .orElseGet(() -> notFound(terminal, word, rest));
    };
  }

  /// A word that needs a second one is explained, whatever else it may be.
  private static int notFound(Terminal terminal, String word, String[] rest) {
    if (Verbs.group(word).isEmpty()) {
      return unknown(terminal, word);
    }
    if (rest.length > 0 && !rest[0].equals("-h") && !rest[0].equals("--help")) {
      return unknown(terminal, word + " " + rest[0]);
    }
    Verbs.helpOf(word).forEach(terminal::data);
    return Exit.OK.code();
  }

  private static boolean isHelp(String word) {
    return word.equals("help") || word.equals("-h") || word.equals("--help");
  }

  private static int help(Terminal terminal, String[] words) {
    if (words.length > 0 && !isHelp(words[0])) {
      String[] all = Arrays.copyOf(words, words.length + 1);
      all[words.length] = "--help";
      return run(terminal, all);
    }
    Verbs.help().forEach(terminal::data);
    return Exit.OK.code();
  }

  private static int unknown(Terminal terminal, String word) {
    Optional<String> nearest = Nearest.of(word, Verbs.names());
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
    line.setParameterExceptionHandler(
        (problem, _) -> {
          usage(terminal, problem);
          return verb.ofFailure(Exit.FAILED).code();
        });
    line.setExecutionExceptionHandler(
        (problem, command, _) ->
            verb.ofFailure(Problems.report(terminal, command.getCommandName(), problem)).code());
    return line;
  }

  private static void usage(Terminal terminal, ParameterException problem) {
    String verb = problem.getCommandLine().getCommandName();
    terminal.say(verb + ": " + Printable.line(String.valueOf(problem.getMessage())));
    if (problem instanceof UnmatchedArgumentException unmatched) {
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(near -> terminal.say("  did you mean " + near + "?"));
    }
    terminal.say("  run: " + verb + " --help");
  }
}
