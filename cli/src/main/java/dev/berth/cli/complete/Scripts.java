package dev.berth.cli.complete;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// The three scripts.
final class Scripts {
  private Scripts() {}

  static String bash(Words words) {
    return """
    # bash completion for berth; load it with: source <(berth completion bash)
    _berth() {
      local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]:-}
      COMPREPLY=()
      if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "@VERBS@" -- "$word"))
        return
      fi
      case $previous in
        -f | --filename | --file | --kubeconfig) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --data-dir | --run-dir) COMPREPLY=($(compgen -d -- "$word")); return ;;
        -o | --output) COMPREPLY=($(compgen -W "wide yaml json name" -- "$word")); return ;;
      esac
      case $word in
        -*)
          case $verb in
    @OPTIONS@      esac
          return ;;
      esac
      case $verb in
        get | describe | delete)
          if [ "$COMP_CWORD" -eq 2 ]; then
            COMPREPLY=($(compgen -W "@TYPES@" -- "$word"))
          else
            COMPREPLY=($(compgen -W "$(berth get "${COMP_WORDS[2]}" -o name 2> /dev/null | cut -d / -f 2)" -- "$word"))
          fi ;;
        call | debug | logs | status | why)
          COMPREPLY=($(compgen -W "$(berth get modelapps -o name 2> /dev/null | cut -d / -f 2)" -- "$word")) ;;
        image) COMPREPLY=($(compgen -W "bootstrap" -- "$word")) ;;
        completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
        build) COMPREPLY=($(compgen -d -- "$word")) ;;
      esac
    }
    complete -F _berth berth\
    """
        .replace("@VERBS@", verbs(words))
        .replace("@TYPES@", String.join(" ", words.types()))
        .replace("@OPTIONS@", bashOptions(words));
  }

  private static String bashOptions(Words words) {
    StringBuilder cases = new StringBuilder();
    new TreeMap<>(words.options())
        .forEach(
            (verb, options) ->
                cases
                    .append("        ")
                    .append(first(verb))
                    .append(") COMPREPLY=($(compgen -W \"")
                    .append(String.join(" ", options))
                    .append("\" -- \"$word\")) ;;\n"));
    return cases.toString();
  }

  /// zsh runs the bash script through its own emulation: one list of words to keep true.
  static String zsh(Words words) {
    return "#compdef berth\nautoload -U +X bashcompinit && bashcompinit\n" + bash(words);
  }

  static String fish(Words words) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("# fish completion for berth");
    lines.add("complete -c berth -f");
    lines.add("complete -c berth -n __fish_use_subcommand -a '" + verbs(words) + "'");
    for (Map.Entry<String, List<String>> entry : new TreeMap<>(words.options()).entrySet()) {
      String seen = "-n '__fish_seen_subcommand_from " + first(entry.getKey()) + "'";
      entry
          .getValue()
          .forEach(
              option ->
                  lines.add(
                      "complete -c berth "
                          + seen
                          + (option.startsWith("--")
                              ? " -l " + option.substring(2)
                              : " -s " + option.substring(1))));
    }
    lines.add(
        "complete -c berth -n '__fish_seen_subcommand_from get describe delete' -a '"
            + String.join(" ", words.types())
            + "'");
    lines.add(
        "complete -c berth -n '__fish_seen_subcommand_from call debug logs status why' -a '(berth"
            + " get modelapps -o name 2>/dev/null | string replace -r \".*/\" \"\")'");
    lines.add("complete -c berth -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'");
    return lines.toString();
  }

  private static String verbs(Words words) {
    return String.join(
            " ",
            new TreeMap<>(words.options())
                .keySet().stream().map(Scripts::first).distinct().toList())
        + " help";
  }

  private static String first(String verb) {
    int blank = verb.indexOf(' ');
    return blank < 0 ? verb : verb.substring(0, blank);
  }
}
