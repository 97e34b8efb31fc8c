package dev.berth.cli.complete;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
        -o | --output) COMPREPLY=($(compgen -W "wide yaml json name jsonpath=" -- "$word")); return ;;
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
        call | debug | exec | logs | port-forward | status | why)
          COMPREPLY=($(compgen -W "$(berth get modelapps -o name 2> /dev/null | cut -d / -f 2)" -- "$word")) ;;
        rollout)
          if [ "$COMP_CWORD" -eq 2 ]; then
            COMPREPLY=($(compgen -W "@ROLLOUT@" -- "$word"))
          else
            COMPREPLY=($(compgen -W "$(berth get modelapps,deployments -o name 2> /dev/null)" -- "$word"))
          fi ;;
        git)
          if [ "$COMP_CWORD" -eq 2 ]; then
            COMPREPLY=($(compgen -W "@GIT@" -- "$word"))
          else
            COMPREPLY=($(compgen -W "$(berth get gitrepositories -o name 2> /dev/null | cut -d / -f 2)" -- "$word"))
          fi ;;
        image) COMPREPLY=($(compgen -W "@IMAGE@" -- "$word")) ;;
        completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
        top) COMPREPLY=($(compgen -W "nodes modelapps pods" -- "$word")) ;;
        build) COMPREPLY=($(compgen -d -- "$word")) ;;
      esac
    }
    complete -F _berth berth\
    """
        .replace("@VERBS@", verbs(words))
        .replace("@ROLLOUT@", seconds(words, "rollout"))
        .replace("@GIT@", seconds(words, "git"))
        .replace("@IMAGE@", seconds(words, "image"))
        .replace("@TYPES@", String.join(" ", words.types()))
        .replace("@OPTIONS@", bashOptions(words));
  }

  private static String bashOptions(Words words) {
    StringBuilder cases = new StringBuilder();
    byFirstWord(words)
        .forEach(
            (verb, options) ->
                cases
                    .append("        ")
                    .append(verb)
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
    for (Map.Entry<String, Set<String>> entry : byFirstWord(words).entrySet()) {
      String seen = "-n '__fish_seen_subcommand_from " + entry.getKey() + "'";
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
        "complete -c berth -n '__fish_seen_subcommand_from call debug exec logs port-forward status why' -a '(berth"
            + " get modelapps -o name 2>/dev/null | string replace -r \".*/\" \"\")'");
    lines.add("complete -c berth -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'");
    lines.add("complete -c berth -n '__fish_seen_subcommand_from top' -a 'nodes modelapps pods'");
    for (String group : List.of("rollout", "git", "image")) {
      lines.add(
          "complete -c berth -n '__fish_seen_subcommand_from "
              + group
              + "' -a '"
              + seconds(words, group)
              + "'");
    }
    return lines.toString();
  }

  /// The options of verbs that begin with the same word are offered together.
  private static Map<String, Set<String>> byFirstWord(Words words) {
    Map<String, Set<String>> all = new TreeMap<>();
    words
        .options()
        .forEach(
            (verb, options) ->
                all.computeIfAbsent(first(verb), _ -> new TreeSet<>()).addAll(options));
    return all;
  }

  private static String seconds(Words words, String group) {
    return words.options().keySet().stream()
        .filter(verb -> verb.startsWith(group + " "))
        .map(verb -> verb.substring(group.length() + 1))
        .sorted()
        .collect(Collectors.joining(" "));
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
