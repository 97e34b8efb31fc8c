package dev.berth.cli.verb;

import dev.berth.api.Kinds;
import dev.berth.api.Nearest;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Failure;
import java.util.ArrayList;
import java.util.List;

/// The words for kinds: `pods`, `po`, `deploy.apps`, `pods,svc`, and categories such as `all`.
public final class Types {
  private Types() {}

  /// One thing to look at: a kind, and the names asked for (none: all).
  public record Wanted(List<ResourceType> types, List<String> names) {}

  /// `get pods`, `get pod a b`, `get pod/a`, `get pods,svc`, `get all`.
  public static Wanted wanted(List<String> words) {
    String first = words.getFirst();
    if (!first.contains("/")) {
      return new Wanted(
          all(first), words.subList(1, words.size()).stream().map(Parsed::name).toList());
    }
    ResourceType type = one(first.substring(0, first.indexOf('/')));
    List<String> names = new ArrayList<>();
    for (String word : words) {
      int slash = word.indexOf('/');
      if (slash < 0 || !one(word.substring(0, slash)).equals(type)) {
        throw Failure.of(
            "\""
                + Printable.line(word)
                + "\" does not go with \""
                + Printable.line(first)
                + "\": name one type, as TYPE/NAME each");
      }
      names.add(Parsed.name(word.substring(slash + 1)));
    }
    return new Wanted(List.of(type), names);
  }

  public static ResourceType one(String word) {
    return Kinds.byName(word).orElseThrow(() -> unknown(word));
  }

  private static List<ResourceType> all(String words) {
    List<ResourceType> types = new ArrayList<>();
    for (String word : words.split(",", -1)) {
      List<ResourceType> category =
          Kinds.all().stream().filter(type -> type.categories().contains(word)).toList();
      types.addAll(category.isEmpty() ? List.of(one(word)) : category);
    }
    return types.stream().distinct().toList();
  }

  private static Failure unknown(String word) {
    List<String> known = new ArrayList<>();
    Kinds.all().forEach(type -> known.addAll(List.of(type.plural(), type.singular())));
    String hint =
        Nearest.of(word, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    return Failure.of(
        "there is no type \"" + Printable.line(word) + "\"" + hint,
        "types: " + String.join(", ", Kinds.all().stream().map(ResourceType::plural).toList()));
  }
}
