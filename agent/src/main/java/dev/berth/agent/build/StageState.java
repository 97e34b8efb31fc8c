package dev.berth.agent.build;

import dev.berth.agent.image.ImageConfig;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.script.Instruction;
import dev.berth.api.script.Instruction.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An image under construction: its layers from the bottom up, its configuration, and the key that
/// stands for all steps so far. A stage that starts from another copies it.
final class StageState {
  final List<Digest> layers = new ArrayList<>();
  final Map<String, String> env = new LinkedHashMap<>();
  final Map<String, String> args = new LinkedHashMap<>();
  final ArrayNode history;
  final ObjectNode config;
  Optional<Digest> base;
  String directory;
  String user;
  String key;
  private boolean ownCommand;

  private StageState(JsonNode tree, List<Digest> layers, Optional<Digest> base, String key) {
    this.layers.addAll(layers);
    this.base = base;
    this.key = key;
    this.config = tree.path("config") instanceof ObjectNode o ? Json.deepCopy(o) : Json.object();
    this.history = tree.path("history") instanceof ArrayNode h ? h.deepCopy() : Json.array();
    config
        .path("Env")
        .forEach(
            e -> {
              String text = e.asString();
              env.put(
                  text.substring(0, Math.max(0, text.indexOf('='))),
                  text.substring(text.indexOf('=') + 1));
            });
    this.directory =
        config.path("WorkingDir").asString("").isEmpty()
            ? "/"
            : config.path("WorkingDir").asString();
    this.user = config.path("User").asString("");
  }

  static StageState scratch() {
    return new StageState(Json.object(), List.of(), Optional.empty(), "scratch");
  }

  static StageState of(Digest image, ImageConfig config) {
    return new StageState(config.tree(), config.diffIds(), Optional.of(image), image.toString());
  }

  StageState copy() {
    ObjectNode tree = Json.object();
    tree.set("config", rendered());
    tree.set("history", history);
    StageState copy = new StageState(tree, layers, base, key);
    copy.args.putAll(args);
    return copy;
  }

  /// ENV always beats ARG.
  Map<String, String> variables() {
    Map<String, String> all = new LinkedHashMap<>(args);
    all.putAll(env);
    return all;
  }

  void command(List<String> argv) {
    strings("Cmd", argv);
    ownCommand = true;
  }

  /// A new entrypoint makes the base's arguments meaningless.
  void entrypoint(List<String> argv) {
    strings("Entrypoint", argv);
    if (!ownCommand) {
      config.remove("Cmd");
    }
  }

  private void strings(String name, List<String> values) {
    ArrayNode array = config.putArray(name);
    values.forEach(array::add);
  }

  /// What runs the shell forms of this stage.
  List<String> shell() {
    List<String> own = config.path("Shell").valueStream().map(JsonNode::asString).toList();
    return own.isEmpty() ? Command.DEFAULT_SHELL : own;
  }

  void shell(List<String> words) {
    strings("Shell", words);
  }

  void stopSignal(String signal) {
    config.put("StopSignal", signal);
  }

  /// As Docker's image format has it: the form first, times in nanoseconds.
  void health(Instruction.HealthCheck h) {
    ObjectNode check = config.putObject("Healthcheck");
    ArrayNode test = check.putArray("Test");
    h.command()
        .ifPresentOrElse(
            c -> {
              test.add(c.shell() ? "CMD-SHELL" : "CMD");
              c.words().forEach(test::add);
            },
            () -> test.add("NONE"));
    h.interval().ifPresent(d -> check.put("Interval", d.toNanos()));
    h.timeout().ifPresent(d -> check.put("Timeout", d.toNanos()));
    h.startPeriod().ifPresent(d -> check.put("StartPeriod", d.toNanos()));
    h.startInterval().ifPresent(d -> check.put("StartInterval", d.toNanos()));
    h.retries().ifPresent(n -> check.put("Retries", n));
  }

  void onBuild(String trigger) {
    (config.get("OnBuild") instanceof ArrayNode known ? known : config.putArray("OnBuild"))
        .add(trigger);
  }

  /// The triggers of the image that this stage starts from; they are not handed on once more.
  List<String> takeOnBuild() {
    List<String> triggers = config.path("OnBuild").valueStream().map(JsonNode::asString).toList();
    config.remove("OnBuild");
    return triggers;
  }

  void expose(String port) {
    Json.ensure(config, "ExposedPorts").putObject(port.contains("/") ? port : port + "/tcp");
  }

  void label(String name, String value) {
    Json.ensure(config, "Labels").put(name, value);
  }

  List<Integer> ports() {
    return config
        .path("ExposedPorts")
        .propertyStream()
        .map(e -> Integer.parseInt(e.getKey().replaceAll("[/-].*", "")))
        .toList();
  }

  ObjectNode rendered() {
    ArrayNode variables = config.putArray("Env");
    env.forEach((k, v) -> variables.add(k + "=" + v));
    config.put("WorkingDir", directory);
    if (!user.isEmpty()) {
      config.put("User", user);
    }
    return Json.deepCopy(config);
  }
}
