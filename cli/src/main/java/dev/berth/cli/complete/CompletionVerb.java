package dev.berth.cli.complete;

import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth completion",
    header = {
      "Example:",
      "  source <(berth completion bash)",
      "  berth completion zsh > \"${fpath[1]}/_berth\"",
      "  berth completion fish > ~/.config/fish/completions/berth.fish",
      ""
    },
    description = "%nPrints a completion script for a shell.")
public final class CompletionVerb extends Verb {
  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  String shell = "";

  private final Function<Terminal, Words> words;

  public CompletionVerb(Terminal terminal, Function<Terminal, Words> words) {
    super(terminal);
    this.words = words;
  }

  @Override
  protected Exit run() {
    Words known = words.apply(terminal);
    terminal.data(
        switch (shell) {
          case "bash" -> Scripts.bash(known);
          case "zsh" -> Scripts.zsh(known);
          case "fish" -> Scripts.fish(known);
          default ->
              throw Failure.of(
                  "no completion for \"" + shell + "\"", "berth completion bash|zsh|fish");
        });
    return Exit.OK;
  }
}
