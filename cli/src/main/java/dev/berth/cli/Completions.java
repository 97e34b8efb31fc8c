package dev.berth.cli;

import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.cli.complete.Words;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/// Reads the words to complete from the verbs themselves.
final class Completions {
  private Completions() {}

  static Words of(Terminal terminal) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    for (String name : Verbs.names()) {
      Verb verb = Verbs.make(name, terminal);
      if (verb != null) {
        options.put(name, names(verb, terminal));
      }
    }
    return new Words(options, Kinds.all().stream().map(ResourceType::plural).toList());
  }

  private static List<String> names(Verb verb, Terminal terminal) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : Main.line(verb, terminal).getCommandSpec().options()) {
      names.addAll(List.of(option.names()));
    }
    return names.stream().sorted().toList();
  }
}
