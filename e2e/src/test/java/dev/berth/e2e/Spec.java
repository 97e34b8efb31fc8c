package dev.berth.e2e;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A ModelApp as YAML, written as what differs from one that works: lines such as `args: [hang]`,
/// by section of the spec.
record Spec(Map<String, Map<String, String>> sections, String before) {
  private static final String SMALL = "resources: {requests: {cpu: 1m, memory: 16Mi}}";

  /// The box as a model: it works.
  static Spec working() {
    return new Spec(Map.of(), "")
        .model("image: box:1", "args: [model]", SMALL)
        .endpoint("protocol: open-inference");
  }

  /// The box as a model, with these lines instead.
  static Spec of(String... lines) {
    return working().model(lines);
  }

  Spec model(String... lines) {
    return with("model", lines);
  }

  Spec endpoint(String... lines) {
    return with("endpoint", lines);
  }

  /// An app in front of it: the box as an app, with these lines instead.
  Spec app(String... lines) {
    return with("app", "image: box:1", "args: [app]", "port: 3000", SMALL).with("app", lines);
  }

  Spec ingress(String... lines) {
    return with("ingress", lines);
  }

  /// Something else in the same file, before the ModelApp.
  Spec after(String document) {
    return new Spec(sections, document);
  }

  private Spec with(String section, String... lines) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>(sections);
    Map<String, String> own = new LinkedHashMap<>(all.getOrDefault(section, Map.of()));
    for (String line : lines) {
      own.put(field(line), line);
    }
    if (own.containsKey("build")) {
      own.remove("image");
    }
    all.put(section, own);
    return new Spec(all, before);
  }

  private static String field(String line) {
    return line.substring(0, line.indexOf(':'));
  }

  String manifest(String name) {
    return (before.isEmpty() ? "" : before.strip() + "\n---\n")
        + "apiVersion: berth.dev/v1alpha1\nkind: ModelApp\nmetadata:\n  name: "
        + name
        + "\nspec:\n"
        + sections.entrySet().stream()
            .map(section -> "  " + section.getKey() + ":\n" + indented(section.getValue()))
            .collect(Collectors.joining());
  }

  private static String indented(Map<String, String> lines) {
    return lines.values().stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
  }

  /// What differs from one that works, as `spec.model.args: [hang]`.
  String difference() {
    Spec well = working().app();
    return sections.entrySet().stream()
        .flatMap(
            section ->
                section.getValue().entrySet().stream()
                    .filter(
                        line ->
                            !line.getValue()
                                .equals(
                                    well.sections
                                        .getOrDefault(section.getKey(), Map.of())
                                        .get(line.getKey())))
                    .map(line -> "spec." + section.getKey() + "." + line.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
