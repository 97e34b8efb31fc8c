package dev.berth.cli.verb;

import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// One object as a person names it: `TYPE/NAME`, `TYPE NAME`, or a `NAME` that is looked for among
/// the kinds that a verb is about.
public record Named(ResourceType type, ObjectKey key) {
  /// Throws a [Failure] when the words name none, several, or nothing that is there.
  ///
  /// @param guesses where a bare name is looked for, in this order
  public static Named of(
      ApiClient client, List<String> words, String inNamespace, List<ResourceType> guesses) {
    if (words.size() == 1 && !words.getFirst().contains("/")) {
      return guess(client, new ObjectKey(inNamespace, Parsed.name(words.getFirst())), guesses);
    }
    Types.Wanted wanted = Types.wanted(words);
    if (wanted.types().size() != 1 || wanted.names().size() != 1) {
      throw Failure.of("this is about one object at a time", "name it: TYPE/NAME");
    }
    ResourceType type = wanted.types().getFirst();
    String ns = type.namespaced() ? inNamespace : "";
    return new Named(type, new ObjectKey(ns, wanted.names().getFirst()));
  }

  private static Named guess(ApiClient client, ObjectKey key, List<ResourceType> guesses) {
    return guesses.stream()
        .filter(type -> client.find(type, key).isPresent())
        .findFirst()
        .map(type -> new Named(type, key))
        .orElseThrow(() -> absent(key, guesses));
  }

  private static Failure absent(ObjectKey key, List<ResourceType> guesses) {
    return Failure.of(
        "there is no "
            + guesses.stream().map(ResourceType::kind).collect(Collectors.joining(" or "))
            + " named \""
            + Printable.line(key.name())
            + "\" in namespace "
            + key.namespace(),
        "berth get "
            + guesses.stream().map(ResourceType::plural).collect(Collectors.joining(","))
            + " -n "
            + key.namespace());
  }

  /// As `TYPE/NAME`.
  public String text() {
    return type.kind().toLowerCase(Locale.ROOT) + "/" + key.name();
  }
}
