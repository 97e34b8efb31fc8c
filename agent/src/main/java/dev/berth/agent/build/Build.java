package dev.berth.agent.build;

import dev.berth.agent.build.BuildCache.Inputs;
import dev.berth.agent.build.BuildCache.Result;
import dev.berth.agent.image.Compression;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.LayerUnpacker;
import dev.berth.agent.image.Progress;
import dev.berth.agent.logs.LogReader;
import dev.berth.api.Digest;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// One build, from the packed context to the pushed image. Its status goes out after every step.
final class Build {
  private static final List<String> PREDEFINED =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");
  private static final int LAST_LINES = 20;
  private static final int LAST_BYTES = 4096;

  private final BuildHost host;
  private final ImageBuild build;
  private final Consumer<ImageBuildStatus> publish;
  private final BuildLog log;
  private final Path dir;
  private final Path context;
  private final BuildCache cache;
  private final StepRunner runner;
  private final Instant start;
  private final List<ImageBuildStatus.Step> steps = new ArrayList<>();
  private final Map<Integer, StageState> stages = new HashMap<>();
  private int current;

  Build(BuildHost host, ImageBuild build, Consumer<ImageBuildStatus> publish) {
    this.host = host;
    this.build = build;
    this.publish = publish;
    this.log =
        new BuildLog(
            BuildHost.logFile(host.dataDir(), build.namespace(), build.name()), host.clock());
    this.dir = host.root().resolve(build.uid());
    this.context = dir.resolve("context");
    this.cache = new BuildCache(host.root().resolve("cache"), host.images().store());
    this.runner = new StepRunner(host, build.uid(), dir.resolve("work"), log);
    this.start = host.clock().instant();
  }

  void run() throws InterruptedException {
    try {
      publish(Phase.RUNNING, Optional.empty(), List.of(), Optional.empty());
      fetchContext();
      Script script = script();
      List<Script.Stage> needed = script.needed(build.spec().target());
      list(needed);
      for (Script.Stage stage : needed) {
        stages.put(stage.index(), stage(script, stage));
      }
      StageState last = stages.get(needed.getLast().index());
      if (last == null) {
        throw new BuildException("the script has no stage to build");
      }
      Digest digest = new Push(host, build.spec().repository()).push(last);
      log.line("pushed " + build.spec().repository() + "@" + digest);
      publish(Phase.SUCCEEDED, Optional.of(digest), last.ports(), Optional.empty());
    } catch (ScriptException e) {
      fail(String.valueOf(e.getMessage()), OptionalInt.empty(), e.line());
    } catch (BuildException e) {
      fail(String.valueOf(e.getMessage()), e.exitCode(), 0);
    } catch (IOException | RuntimeException e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage(), OptionalInt.empty(), 0);
    } finally {
      FileTree.delete(dir);
    }
  }

  // ---- before the first step

  private void fetchContext() throws IOException {
    FileTree.delete(dir);
    Files.createDirectories(context);
    Registry registry = host.registries().cluster();
    String repository = build.spec().repository();
    Registry.Manifest manifest =
        registry
            .manifest(repository, build.spec().contextDigest().toString())
            .orElseThrow(
                () ->
                    new BuildException(
                        "the build context "
                            + build.spec().contextDigest()
                            + " is not in "
                            + repository
                            + ": run berth apply -f again"));
    for (JsonNode layer : manifest.tree().path("layers")) {
      try (InputStream in =
          Compression.open(
              registry.blob(repository, Digest.parse(layer.path("digest").asString())))) {
        LayerUnpacker.plain(host.containers().machine().sys()).unpack(in, context);
      }
    }
  }

  private Script script() throws IOException {
    String name = build.spec().containerScript();
    CopyPlan plan = new CopyPlan(host.containers().machine().sys(), context);
    String path = CopyPlan.normalize(name);
    if (plan.resolve(path).isEmpty()) {
      throw new BuildException("the context has no container script " + name);
    }
    return Script.parse(name, Files.readString(plan.real(path), StandardCharsets.UTF_8));
  }

  /// FROM counts as a step, ARG and the like too: the number is the instruction's place in what is
  /// built.
  private void list(List<Script.Stage> needed) {
    int total = needed.stream().mapToInt(s -> 1 + s.steps().size()).sum();
    for (Script.Stage stage : needed) {
      add(stage.from(), total);
      stage.steps().forEach(i -> add(i, total));
    }
  }

  private void add(Instruction i, int total) {
    steps.add(
        new ImageBuildStatus.Step(
            steps.size() + 1, total, i.line(), i.text(), false, "", Optional.empty(), "Pending"));
  }

  // ---- the steps

  private StageState stage(Script script, Script.Stage stage)
      throws IOException, InterruptedException {
    Map<String, String> globals = globals(script);
    Instant began = begin();
    String image = Words.expand(stage.from().image(), globals);
    Optional<Script.Stage> parent = script.before(stage, image);
    StageState state =
        parent.isPresent()
            ? stageState(parent.get()).copy()
            : image.equals("scratch") ? StageState.scratch() : base(image);
    state.args.clear();
    end(began, true, image.equals("scratch") || parent.isPresent() ? "" : "base " + state.key);
    for (Instruction i : stage.steps()) {
      Instant at = begin();
      boolean cached = step(script, stage, state, globals, i);
      end(at, cached, steps.get(current - 1).reason());
    }
    return state;
  }

  private StageState stageState(Script.Stage stage) {
    StageState state = stages.get(stage.index());
    if (state == null) {
      throw new BuildException("stage " + stage.index() + " is not built yet");
    }
    return state;
  }

  private Map<String, String> globals(Script script) {
    Map<String, String> values =
        new LinkedHashMap<>(
            Map.of(
                "TARGETPLATFORM",
                "linux/amd64",
                "TARGETOS",
                "linux",
                "TARGETARCH",
                "amd64",
                "BUILDPLATFORM",
                "linux/amd64",
                "BUILDOS",
                "linux",
                "BUILDARCH",
                "amd64"));
    script
        .globals()
        .forEach(
            (name, fallback) ->
                Optional.ofNullable(build.spec().args().get(name))
                    .or(() -> fallback.map(f -> Words.expand(f, values)))
                    .ifPresent(v -> values.put(name, v)));
    return values;
  }

  private StageState base(String image) {
    Image found =
        host.images()
            .local(build.namespace(), image)
            .filter(_ -> image.contains("@"))
            .orElseGet(() -> host.images().pull(build.namespace(), image, Progress.NONE));
    return StageState.of(found.digest(), found.config());
  }

  private Instant begin() {
    current++;
    ImageBuildStatus.Step s = steps.get(current - 1);
    log.line("[" + s.number() + "/" + s.total() + "] " + s.instruction());
    set("Running", s.cached(), s.reason(), Optional.empty());
    publish(Phase.RUNNING, Optional.empty(), List.of(), Optional.empty());
    return host.clock().instant();
  }

  private void end(Instant began, boolean cached, String reason) {
    set("Done", cached, reason, Optional.of(Duration.between(began, host.clock().instant())));
  }

  private void set(String stateName, boolean cached, String reason, Optional<Duration> duration) {
    ImageBuildStatus.Step s = steps.get(current - 1);
    steps.set(
        current - 1,
        new ImageBuildStatus.Step(
            s.number(), s.total(), s.line(), s.instruction(), cached, reason, duration, stateName));
  }

  /// True when nothing had to be done.
  private boolean step(
      Script script,
      Script.Stage stage,
      StageState state,
      Map<String, String> globals,
      Instruction i)
      throws IOException, InterruptedException {
    Map<String, String> values = state.variables();
    switch (i) {
      case Instruction.From f ->
          throw new IllegalStateException("FROM inside a stage: " + f.text());
      case Instruction.Arg a ->
          a.values()
              .forEach(
                  (name, fallback) ->
                      Optional.ofNullable(build.spec().args().get(name))
                          .or(
                              () ->
                                  Optional.ofNullable(globals.get(name))
                                      .filter(_ -> fallback.isEmpty()))
                          .or(() -> fallback.map(f -> Words.expand(f, values)))
                          .ifPresent(v -> state.args.put(name, v)));
      case Instruction.Env e ->
          e.values()
              .forEach((k, v) -> state.env.put(Words.expand(k, values), Words.expand(v, values)));
      case Instruction.Label l ->
          l.values()
              .forEach((k, v) -> state.label(Words.expand(k, values), Words.expand(v, values)));
      case Instruction.Expose e -> e.ports().forEach(p -> state.expose(Words.expand(p, values)));
      case Instruction.User u -> state.user = Words.expand(u.user(), values);
      case Instruction.Cmd c -> state.command(c.command().argv());
      case Instruction.Entrypoint e -> state.entrypoint(e.command().argv());
      case Instruction.WorkDir w -> {
        String directory = Words.expand(w.directory(), values);
        state.directory =
            "/"
                + CopyPlan.normalize(
                    directory.startsWith("/") ? directory : state.directory + "/" + directory);
        return layer(
            state,
            i,
            new Inputs(state.key, "WORKDIR " + state.directory, ""),
            n -> runner.workDir(n, state, state.directory));
      }
      case Instruction.Run r -> {
        Map<String, String> args = new TreeMap<>(state.args);
        return layer(
            state,
            i,
            new Inputs(
                state.key,
                "RUN " + r.text(),
                args + " " + state.env + " " + state.directory + " " + state.user),
            n -> runner.run(n, state, r.command().argv(), proxies()));
      }
      case Instruction.Copy c -> {
        return copy(script, stage, state, c, values);
      }
    }
    state.key =
        Digest.sha256(
                (state.key + "\0" + i.text() + "\0" + new TreeMap<>(state.args))
                    .getBytes(StandardCharsets.UTF_8))
            .hex();
    emptyHistory(state, i);
    return true;
  }

  private interface Work {
    Optional<Digest> on(int step) throws IOException, InterruptedException;
  }

  private boolean layer(StageState state, Instruction i, Inputs inputs, Work work)
      throws IOException, InterruptedException {
    Optional<Result> known = cache.find(inputs);
    String reason =
        cache.explain(
            build.spec().repository() + " " + build.spec().target().orElse(""),
            current,
            inputs,
            known.isPresent());
    set("Running", known.isPresent(), reason, Optional.empty());
    log.line(reason);
    Result result;
    if (known.isPresent()) {
      result = known.get();
    } else {
      result = new Result(work.on(current));
      cache.put(inputs, result);
    }
    state.key = inputs.key();
    if (result.layer().isPresent()) {
      state.layers.add(result.layer().get());
      state.history.addObject().put("created_by", i.text()).put("created", start.toString());
    } else {
      emptyHistory(state, i);
    }
    return known.isPresent();
  }

  private void emptyHistory(StageState state, Instruction i) {
    state
        .history
        .addObject()
        .put("created_by", i.text())
        .put("created", start.toString())
        .put("empty_layer", true);
  }

  private boolean copy(
      Script script,
      Script.Stage stage,
      StageState state,
      Instruction.Copy c,
      Map<String, String> values)
      throws IOException, InterruptedException {
    List<String> sources = c.sources().stream().map(s -> Words.expand(s, values)).toList();
    String target = Words.expand(c.target(), values);
    Optional<String> owner = c.owner().map(o -> Words.expand(o, values));
    OptionalInt mode = mode(script, c, values);
    if (c.from().isEmpty()) {
      return copy(
          state, c, runner.prepare(current, c, sources, target, context, state, mode, owner));
    }
    String from = Words.expand(c.from().get(), values);
    Optional<Script.Stage> other = script.before(stage, from);
    StageState origin = other.isPresent() ? stageState(other.get()) : base(from);
    try (MergedView view = runner.view(origin.layers)) {
      return copy(
          state, c, runner.prepare(current, c, sources, target, view.root(), state, mode, owner));
    }
  }

  private boolean copy(StageState state, Instruction.Copy c, StepRunner.Prepared prepared)
      throws IOException, InterruptedException {
    Inputs inputs =
        new Inputs(state.key, c.text() + " in " + state.directory, prepared.digest().toString());
    boolean cached = layer(state, c, inputs, n -> runner.apply(n, state, prepared));
    Files.deleteIfExists(prepared.archive());
    return cached;
  }

  private static OptionalInt mode(Script script, Instruction.Copy c, Map<String, String> values) {
    if (c.mode().isEmpty()) {
      return OptionalInt.empty();
    }
    String text = Words.expand(c.mode().get(), values);
    if (!text.matches("[0-7]{3,4}")) {
      throw new ScriptException(
          script.file(), c.line(), "--chmod=" + text + ": only octal modes are supported");
    }
    return OptionalInt.of(Integer.parseInt(text, 8));
  }

  /// The host's own way out, under the names that every builder passes on; not part of the image or
  /// the cache key.
  private static Map<String, String> proxies() {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : PREDEFINED) {
      for (String form : List.of(name, name.toLowerCase(java.util.Locale.ROOT))) {
        Optional.ofNullable(System.getenv(form)).ifPresent(v -> found.put(form, v));
      }
    }
    return found;
  }

  // ---- the end

  private void fail(String message, OptionalInt exitCode, int scriptLine) {
    ImageBuildStatus.Step s =
        current > 0
            ? steps.get(current - 1)
            : new ImageBuildStatus.Step(0, 0, scriptLine, "", false, "", Optional.empty(), "");
    List<String> output =
        exitCode.isPresent()
            ? LogReader.lastLines(log.file(), LAST_LINES, LAST_BYTES).lines().toList()
            : List.of();
    if (current > 0) {
      set("Failed", false, s.reason(), s.duration());
    }
    log.line("failed: " + message);
    publish(
        Phase.FAILED,
        Optional.empty(),
        List.of(),
        Optional.of(
            new ImageBuildStatus.Failure(
                s.number(), s.line(), s.instruction(), exitCode, message, output)));
  }

  private void publish(
      Phase phase,
      Optional<Digest> digest,
      List<Integer> ports,
      Optional<ImageBuildStatus.Failure> failure) {
    Optional<Instant> end =
        phase.isFinal() ? Optional.of(host.clock().instant()) : Optional.empty();
    publish.accept(
        new ImageBuildStatus(
            phase,
            digest,
            digest.map(d -> build.spec().repository() + "@" + d),
            ports,
            Optional.of(start),
            end,
            steps,
            failure));
  }
}
