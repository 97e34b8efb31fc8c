package dev.berth.agent.build;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A parsed container script: the ARGs before the first FROM, and the stages.
record Script(String file, Map<String, Optional<String>> globals, List<Stage> stages) {
  record Stage(int index, Instruction.From from, List<Instruction> steps) {
    Stage {
      steps = List.copyOf(steps);
    }
  }

  static Script parse(String file, String text) {
    return new ScriptParser(file).parse(text);
  }

  /// By its name or number.
  Optional<Stage> stage(String name) {
    return stages.stream()
        .filter(
            s ->
                s.from().name().map(n -> n.equalsIgnoreCase(name)).orElse(false)
                    || Integer.toString(s.index()).equals(name))
        .findFirst();
  }

  /// The stages that the target needs, in order: an unused stage is not built.
  List<Stage> needed(Optional<String> target) {
    Stage last =
        target
            .map(
                t ->
                    stage(t)
                        .orElseThrow(
                            () ->
                                new ScriptException(
                                    file, 1, "target stage " + t + " is not in the script")))
            .orElseGet(stages::getLast);
    Set<Integer> wanted = new HashSet<>();
    need(last, wanted);
    return stages.stream().filter(s -> wanted.contains(s.index())).toList();
  }

  private void need(Stage stage, Set<Integer> wanted) {
    if (!wanted.add(stage.index())) {
      return;
    }
    before(stage, stage.from().image()).ifPresent(s -> need(s, wanted));
    for (Instruction i : stage.steps()) {
      if (i instanceof Instruction.Copy c && c.from().isPresent()) {
        before(stage, c.from().get()).ifPresent(s -> need(s, wanted));
      }
    }
  }

  /// A stage can only refer to those above it.
  Optional<Stage> before(Stage stage, String name) {
    return stage(name).filter(s -> s.index() < stage.index());
  }

  static final class Builder {
    private final String file;
    private final Map<String, Optional<String>> globals = new LinkedHashMap<>();
    private final List<Stage> stages = new ArrayList<>();
    private List<Instruction> steps = new ArrayList<>();
    private Optional<Instruction.From> from = Optional.empty();

    Builder(String file) {
      this.file = file;
    }

    void add(Instruction i) {
      switch (i) {
        case Instruction.From f -> {
          close();
          from = Optional.of(f);
        }
        case Instruction.Arg a when from.isEmpty() -> globals.putAll(a.values());
        case Instruction other when from.isEmpty() ->
            throw new ScriptException(
                file,
                other.line(),
                "the first instruction must be FROM (only ARG may stand before it)");
        case Instruction other -> steps.add(other);
      }
    }

    private void close() {
      from.ifPresent(f -> stages.add(new Stage(stages.size(), f, steps)));
      steps = new ArrayList<>();
    }

    Script build() {
      close();
      if (stages.isEmpty()) {
        throw new ScriptException(file, 1, "the script has no FROM");
      }
      return new Script(file, globals, stages);
    }
  }
}
