package dev.berth.controller.auth;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One `rbac.authorization.k8s.io/v1 PolicyRule`: verbs on resources, or on paths that are none.
/// Rules only ever allow.
record Rule(
    Set<String> verbs,
    Set<String> groups,
    Set<String> resources,
    Set<String> names,
    Set<String> paths) {
  private static final String ALL = "*";

  /// What cluster-admin may.
  static final List<Rule> EVERYTHING =
      List.of(
          new Rule(Set.of(ALL), Set.of(ALL), Set.of(ALL), Set.of(), Set.of()),
          new Rule(Set.of(ALL), Set.of(), Set.of(), Set.of(), Set.of(ALL)));

  static Rule of(JsonNode rule) {
    return new Rule(
        texts(rule, "verbs"),
        texts(rule, "apiGroups"),
        texts(rule, "resources"),
        texts(rule, "resourceNames"),
        texts(rule, "nonResourceURLs"));
  }

  static List<Rule> listOf(JsonNode rules) {
    List<Rule> list = new ArrayList<>();
    rules.forEach(rule -> list.add(of(rule)));
    return List.copyOf(list);
  }

  private static Set<String> texts(JsonNode rule, String field) {
    Set<String> texts = new LinkedHashSet<>();
    rule.path(field).forEach(text -> texts.add(text.asString("")));
    return texts;
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    put(json, "verbs", verbs);
    put(json, "apiGroups", groups);
    put(json, "resources", resources);
    put(json, "resourceNames", names);
    put(json, "nonResourceURLs", paths);
    return json;
  }

  private static void put(ObjectNode json, String field, Set<String> texts) {
    if (!texts.isEmpty() || field.equals("verbs")) {
      texts.forEach(json.putArray(field)::add);
    }
  }

  boolean allows(Attributes wanted) {
    return switch (wanted) {
      case Attributes.OnResource on ->
          hasVerb(on.verb())
              && hasGroup(on.group())
              && hasResource(on.resource(), on.subresource())
              && (names.isEmpty() || names.contains(on.name()));
      case Attributes.OnPath(String verb, String path) -> hasVerb(verb) && hasPath(path);
      case Attributes.Tunnel _ -> false;
    };
  }

  private boolean hasVerb(String verb) {
    return verbs.contains(ALL) || verbs.contains(verb);
  }

  private boolean hasGroup(String group) {
    return groups.contains(ALL) || groups.contains(group);
  }

  private boolean hasResource(String resource, String subresource) {
    return resources.contains(ALL)
        || (subresource.isEmpty()
            ? resources.contains(resource)
            : resources.contains(resource + "/" + subresource)
                || resources.contains("*/" + subresource));
  }

  private boolean hasPath(String path) {
    return paths.stream().anyMatch(pattern -> matches(pattern, path));
  }

  private static boolean matches(String pattern, String path) {
    return pattern.equals(ALL)
        || pattern.equals(path)
        || (pattern.endsWith(ALL)
            && path.startsWith(pattern.substring(0, pattern.length() - ALL.length())));
  }

  /// The parts that this rule consists of: each one verb on one resource (with one name or any), or
  /// on one path.
  List<Rule> atoms() {
    List<Rule> atoms = new ArrayList<>();
    for (String verb : verbs) {
      for (String group : groups) {
        for (String resource : resources) {
          atomsOfNames(atoms, verb, group, resource);
        }
      }
      for (String path : paths) {
        atoms.add(new Rule(Set.of(verb), Set.of(), Set.of(), Set.of(), Set.of(path)));
      }
    }
    return atoms;
  }

  private void atomsOfNames(List<Rule> atoms, String verb, String group, String resource) {
    Set<String> one = Set.of(resource);
    if (names.isEmpty()) {
      atoms.add(new Rule(Set.of(verb), Set.of(group), one, Set.of(), Set.of()));
    }
    for (String name : names) {
      atoms.add(new Rule(Set.of(verb), Set.of(group), one, Set.of(name), Set.of()));
    }
  }

  /// Whether whoever has this rule has all that the atom gives.
  boolean covers(Rule atom) {
    String verb = atom.verbs.iterator().next();
    if (!hasVerb(verb)) {
      return false;
    }
    if (!atom.paths.isEmpty()) {
      return hasPath(atom.paths.iterator().next());
    }
    String resource = atom.resources.iterator().next();
    int slash = resource.indexOf('/');
    boolean sameResource =
        resources.contains(resource)
            || (slash < 0
                ? resources.contains(ALL)
                : hasResource(resource.substring(0, slash), resource.substring(slash + 1)));
    return hasGroup(atom.groups.iterator().next())
        && sameResource
        && (names.isEmpty() || (!atom.names.isEmpty() && names.containsAll(atom.names)));
  }

  /// What of `wanted` nobody with the rules `held` has.
  static List<Rule> beyond(List<Rule> held, List<Rule> wanted) {
    return wanted.stream()
        .flatMap(rule -> rule.atoms().stream())
        .filter(atom -> held.stream().noneMatch(rule -> rule.covers(atom)))
        .toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    describe(text, "APIGroups", groups);
    describe(text, "Resources", resources);
    describe(text, "ResourceNames", names);
    describe(text, "NonResourceURLs", paths);
    describe(text, "Verbs", verbs);
    return text.append('}').toString();
  }

  private static void describe(StringBuilder text, String name, Set<String> values) {
    if (!values.isEmpty()) {
      text.append(text.length() > 1 ? ", " : "").append(name).append(":[\"");
      text.append(String.join("\" \"", values)).append("\"]");
    }
  }
}
