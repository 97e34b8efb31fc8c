package dev.berth.cli.why;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Nearest;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Failure;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// From the words of the command line to objects: a bare name is a ModelApp, else whatever carries
/// it; `pods` alone is every pod.
public final class Targets {
  private final ApiClient client;
  private final String namespace;

  public Targets(ApiClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  List<ObjectNode> of(List<String> words) {
    String first = words.getFirst();
    boolean bare = words.size() == 1 && !first.contains("/") && isName(first);
    return bare ? List.of(called(Parsed.name(first))) : typed(Types.wanted(words));
  }

  /// A single word is a name unless it is a type: an app may be called `pod`, and then it wins.
  private boolean isName(String word) {
    return Kinds.byName(word).isEmpty()
        || client.find(Kinds.MODEL_APP, new ObjectKey(namespace, word)).isPresent();
  }

  private List<ObjectNode> typed(Types.Wanted wanted) {
    List<ObjectNode> found = new ArrayList<>();
    for (ResourceType type : wanted.types()) {
      if (!Surroundings.ASKABLE.contains(type)) {
        throw Failure.of(
            "a " + type.kind() + " is never the cause of anything by itself",
            "why is asked of "
                + String.join(
                    ", ", Surroundings.ASKABLE.stream().map(ResourceType::plural).toList()));
      }
      if (wanted.names().isEmpty()) {
        found.addAll(client.list(type, namespace, ListOptions.ALL).items());
      }
      wanted.names().forEach(name -> found.add(named(type, name)));
    }
    if (found.isEmpty()) {
      throw Failure.of("there are none in namespace " + namespace);
    }
    return found;
  }

  /// The object, or a failure that says which names come near.
  public ObjectNode named(ResourceType type, String name) {
    return client.find(type, key(type, name)).orElseThrow(() -> missing(type, name));
  }

  private ObjectKey key(ResourceType type, String name) {
    return new ObjectKey(type.namespaced() ? namespace : "", name);
  }

  private ObjectNode called(String name) {
    Optional<ObjectNode> app = client.find(Kinds.MODEL_APP, key(Kinds.MODEL_APP, name));
    if (app.isPresent()) {
      return app.get();
    }
    Map<String, ResourceType> known = new LinkedHashMap<>();
    for (ResourceType type : Surroundings.ASKABLE) {
      for (ObjectNode object : client.list(type, namespace, ListOptions.ALL).items()) {
        if (Json.name(object).equals(name)) {
          return object;
        }
        known.putIfAbsent(Json.name(object), type);
      }
    }
    throw missing("no ModelApp", name, known);
  }

  private Failure missing(ResourceType type, String name) {
    Map<String, ResourceType> known = new LinkedHashMap<>();
    client
        .list(type, namespace, ListOptions.ALL)
        .items()
        .forEach(object -> known.put(Json.name(object), type));
    return missing("no " + type.kind(), name, known);
  }

  private Failure missing(String none, String name, Map<String, ResourceType> known) {
    List<String> near =
        Nearest.few(name, known.keySet(), 3).stream().map(one -> word(known, one)).toList();
    String sentence =
        "there is "
            + none
            + " named \""
            + Printable.line(name)
            + "\" in namespace "
            + namespace
            + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
    List<String> fixes = new ArrayList<>();
    if (near.isEmpty()) {
      fixes.add("see what there is: berth get all");
      Unapplied.in(Path.of(""), name)
          .ifPresent(file -> fixes.add("it is only in a manifest yet: berth apply -f " + file));
    }
    return Failure.of(sentence, fixes.toArray(String[]::new));
  }

  private static String word(Map<String, ResourceType> known, String name) {
    ResourceType type = known.getOrDefault(name, Kinds.MODEL_APP);
    return type.equals(Kinds.MODEL_APP) ? name : type.singular() + "/" + name;
  }
}
