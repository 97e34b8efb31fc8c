package dev.berth.cli.apply;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.codec.Problem;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.Source;
import dev.berth.api.modelapp.Workload;
import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.apply.ManifestFiles.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// From manifests to what is applied: known kinds, namespaces filled in, build contexts that exist.
/// What is wrong is reported like any other problem, with its place.
final class Targets {
  private Targets() {}

  static List<Target> of(List<Loaded> loaded, String namespace) throws IOException {
    List<Problem> problems = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (Loaded one : loaded) {
      type(one)
          .ifPresentOrElse(
              type -> targets.add(target(type, one, namespace)),
              () ->
                  problems.add(
                      one.manifest()
                          .positions()
                          .problem(
                              "kind",
                              "this Berth has no kind \""
                                  + Json.text(one.manifest().tree(), "kind")
                                  + "\" in "
                                  + Json.text(one.manifest().tree(), "apiVersion"))));
    }
    targets.stream().filter(Target::isModelApp).forEach(target -> checkContexts(target, problems));
    List<String> all = new ArrayList<>(problems.stream().map(Problem::toString).toList());
    if (problems.isEmpty()) {
      all.addAll(inScripts(targets));
    }
    if (!all.isEmpty()) {
      throw ManifestFiles.invalid(all);
    }
    return targets;
  }

  /// Each script once, however many components share it.
  private static Set<String> inScripts(List<Target> targets) throws IOException {
    Set<String> problems = new LinkedHashSet<>();
    for (Target target : targets) {
      for (Source.Build build :
          target.isModelApp() ? builds(target).values() : List.<Source.Build>of()) {
        ScriptCheck.of(context(target, build), build.containerScript(), build.target())
            .forEach(problem -> problems.add(problem.toString()));
      }
    }
    return problems;
  }

  private static Optional<ResourceType> type(Loaded one) {
    return Kinds.byKind(
        GroupVersionKind.parse(
            Json.text(one.manifest().tree(), "apiVersion"),
            Json.text(one.manifest().tree(), "kind")));
  }

  private static Target target(ResourceType type, Loaded one, String namespace) {
    if (type.namespaced() && Json.namespace(one.manifest().tree()).isEmpty()) {
      Json.meta(one.manifest().tree()).put("namespace", namespace);
    }
    return new Target(type, ObjectKey.of(one.manifest().tree()), one);
  }

  /// The components of a ModelApp that are built, by name.
  static Map<String, Source.Build> builds(Target target) {
    Map<String, Source.Build> builds = new LinkedHashMap<>();
    ModelApp app = ModelApp.read(target.tree());
    put(builds, "model", app.spec().model().workload());
    app.spec().app().ifPresent(component -> put(builds, "app", component.workload()));
    return builds;
  }

  private static void put(Map<String, Source.Build> builds, String component, Workload workload) {
    if (workload.source() instanceof Source.Build build) {
      builds.put(component, build);
    }
  }

  static Path context(Target target, Source.Build build) {
    return target.loaded().folder().resolve(build.context()).normalize();
  }

  private static void checkContexts(Target target, List<Problem> problems) {
    builds(target)
        .forEach(
            (component, build) -> {
              Path folder = context(target, build);
              String path = "spec." + component + ".build";
              if (!Files.isDirectory(folder)) {
                problems.add(
                    target
                        .loaded()
                        .manifest()
                        .positions()
                        .problem(path + ".context", "there is no folder " + folder));
              } else if (!Files.isRegularFile(folder.resolve(build.containerScript()))) {
                problems.add(
                    target
                        .loaded()
                        .manifest()
                        .positions()
                        .problem(path, "there is no " + build.containerScript() + " in " + folder));
              }
            });
  }
}
