package dev.berth.api.script;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A parsed container script: the ARGs before the first FROM, and the stages.
///
/// @param escape the character that continues lines and protects the next one
public record Script(
    String file, char escape, Map<String, Optional<String>> globals, List<Stage> stages) {

  public record Stage(int index, Instruction.From from, List<Instruction> steps) {
    public Stage {
      steps = List.copyOf(steps);
    }
  }

  public Script {
    stages = List.copyOf(stages);
  }

  /// Reads the whole script before it says anything.
  ///
  /// @throws ScriptException with everything that is wrong
  public static Script parse(String fileName, String text) {
    return new ScriptParser(fileName, text).script();
  }

  /// What a base image's ONBUILD asks for, as instructions that run right after FROM.
  ///
  /// @throws ScriptException with everything that is wrong; its file is named after the image
  public static List<Instruction> triggers(String image, List<String> onBuild) {
    return onBuild.stream()
        .flatMap(text -> new ScriptParser("ONBUILD of " + image, text).instructionsOnly().stream())
        .toList();
  }

  /// Takes quotes away and puts values in.
  public String expand(String text, Map<String, String> values) {
    return Words.expand(text, values, escape);
  }

  /// By its name or number.
  public Optional<Stage> stage(String name) {
    return stages.stream()
        .filter(
            s ->
                s.from().name().map(n -> n.equalsIgnoreCase(name)).orElse(false)
                    || Integer.toString(s.index()).equals(name))
        .findFirst();
  }

  /// The stages that the target needs, in order: an unused stage is not built.
  ///
  /// @throws ScriptException where there is no such stage
  public List<Stage> needed(Optional<String> target) {
    Stage last = target.map(this::targeted).orElseGet(stages::getLast);
    Set<Integer> wanted = new HashSet<>();
    need(last, wanted);
    return stages.stream().filter(s -> wanted.contains(s.index())).toList();
  }

  private Stage targeted(String target) {
    List<String> names = stages.stream().flatMap(s -> s.from().name().stream()).toList();
    return stage(target)
        .orElseThrow(
            () ->
                new ScriptException(
                    List.of(
                        new Problem(
                            file,
                            1,
                            1,
                            "no stage is named "
                                + Texts.cut(target)
                                + Texts.nearest(target, names, ""),
                            ""))));
  }

  private void need(Stage stage, Set<Integer> wanted) {
    if (!wanted.add(stage.index())) {
      return;
    }
    before(stage, stage.from().image()).ifPresent(s -> need(s, wanted));
    for (Instruction instruction : stage.steps()) {
      for (String name : origins(instruction)) {
        before(stage, name).ifPresent(s -> need(s, wanted));
      }
    }
  }

  private static List<String> origins(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Copy copy -> copy.from().stream().toList();
      case Instruction.Run run -> run.mounts().stream().flatMap(m -> origin(m).stream()).toList();
      default -> List.of();
    };
  }

  private static Optional<String> origin(Mount mount) {
    return switch (mount) {
      case Mount.Bind bind -> bind.from();
      case Mount.Cache cache -> cache.from();
      case Mount.Tmpfs _, Mount.Secret _ -> Optional.empty();
    };
  }

  /// A stage can only refer to those above it.
  public Optional<Stage> before(Stage stage, String name) {
    return stage(name).filter(s -> s.index() < stage.index());
  }
}
