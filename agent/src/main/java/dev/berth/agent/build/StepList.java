package dev.berth.agent.build;

import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.script.Instruction;
import dev.berth.api.script.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The steps of a build as its status shows them, and which one is at work. FROM counts as a step,
/// ARG and the like too: the number is the instruction's place in what is built.
final class StepList {
  private final List<ImageBuildStatus.Step> steps = new ArrayList<>();
  private int current;

  void plan(List<Script.Stage> stages) {
    for (Script.Stage stage : stages) {
      add(steps.size(), stage.from());
      stage.steps().forEach(i -> add(steps.size(), i));
    }
    number();
  }

  /// Steps that only the base image knew of, right behind the current one.
  void insert(List<Instruction> more) {
    for (int i = 0; i < more.size(); i++) {
      add(current + i, more.get(i));
    }
    number();
  }

  private void add(int at, Instruction i) {
    steps.add(
        at,
        new ImageBuildStatus.Step(
            0, 0, i.line(), i.text(), false, "", Optional.empty(), "Pending"));
  }

  private void number() {
    for (int i = 0; i < steps.size(); i++) {
      ImageBuildStatus.Step s = steps.get(i);
      steps.set(
          i,
          new ImageBuildStatus.Step(
              i + 1,
              steps.size(),
              s.line(),
              s.instruction(),
              s.cached(),
              s.reason(),
              s.duration(),
              s.state()));
    }
  }

  ImageBuildStatus.Step begin() {
    current++;
    set("Running", false, "", Optional.empty());
    return now().orElseThrow();
  }

  int current() {
    return current;
  }

  /// Empty before the first step.
  Optional<ImageBuildStatus.Step> now() {
    return current > 0 ? Optional.of(steps.get(current - 1)) : Optional.empty();
  }

  void set(String state, boolean cached, String reason, Optional<Duration> duration) {
    ImageBuildStatus.Step s = steps.get(current - 1);
    steps.set(
        current - 1,
        new ImageBuildStatus.Step(
            s.number(), s.total(), s.line(), s.instruction(), cached, reason, duration, state));
  }

  List<ImageBuildStatus.Step> all() {
    return List.copyOf(steps);
  }
}
