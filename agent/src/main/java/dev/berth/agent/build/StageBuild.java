package dev.berth.agent.build;

import dev.berth.agent.build.BuildCache.Inputs;
import dev.berth.agent.build.BuildCache.Result;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.Progress;
import dev.berth.api.Digest;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.script.Instruction;
import dev.berth.api.script.Mount;
import dev.berth.api.script.Script;
import dev.berth.api.script.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The stages of a script, one after the other: what each instruction changes, and whether that was
/// done before.
///
/// HEALTHCHECK is kept in the image and not run: a pod's readiness comes from its probes and its
/// protocol, as in Kubernetes.
final class StageBuild {
  private static final List<String> PREDEFINED =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");
  private final BuildHost host;
  private final ImageBuild build;
  private final Script script;
  private final Path context;
  private final CacheMounts caches;
  private final StepList steps;
  private final BuildLog log;
  private final Runnable progress;
  private final BuildCache cache;
  private final StepRunner runner;
  private final Instant start;
  private final Map<Integer, StageState> stages = new HashMap<>();

  StageBuild(
      BuildHost host,
      ImageBuild build,
      Script script,
      Path context,
      CacheMounts caches,
      StepList steps,
      BuildLog log,
      Runnable progress) {
    this.host = host;
    this.build = build;
    this.script = script;
    this.context = context;
    this.caches = caches;
    this.steps = steps;
    this.log = log;
    this.progress = progress;
    this.cache = new BuildCache(host.root().resolve("cache"), host.images().store());
    this.runner =
        new StepRunner(host, build.uid(), script.file(), context.resolveSibling("work"), log);
    this.start = host.clock().instant();
  }

  /// Builds them in order; the last one is the image.
  StageState build(List<Script.Stage> needed) throws IOException, InterruptedException {
    for (Script.Stage stage : needed) {
      stages.put(stage.index(), stage(stage));
    }
    StageState last = stages.get(needed.getLast().index());
    if (last == null) {
      throw new BuildException("the script has no stage to build");
    }
    return last;
  }

  private StageState stage(Script.Stage stage) throws IOException, InterruptedException {
    Map<String, String> globals = globals();
    Instant began = begin();
    String image = script.expand(stage.from().image(), globals);
    Optional<Script.Stage> parent = script.before(stage, image);
    boolean here = image.equals("scratch") || parent.isPresent();
    StageState state =
        parent.isPresent()
            ? state(parent.get()).copy()
            : image.equals("scratch") ? StageState.scratch() : base(image);
    state.args.clear();
    List<Instruction> triggers = Script.triggers(image, state.takeOnBuild());
    end(began, true, here ? "" : "base " + state.key);
    steps.insert(triggers);
    for (Instruction i : triggers) {
      perform(stage, state, globals, i);
    }
    for (Instruction i : stage.steps()) {
      perform(stage, state, globals, i);
    }
    return state;
  }

  private void perform(
      Script.Stage stage, StageState state, Map<String, String> globals, Instruction i)
      throws IOException, InterruptedException {
    Instant at = begin();
    boolean cached = step(stage, state, globals, i);
    end(at, cached, steps.now().map(ImageBuildStatus.Step::reason).orElse(""));
  }

  private StageState state(Script.Stage stage) {
    StageState state = stages.get(stage.index());
    if (state == null) {
      throw new BuildException("stage " + stage.index() + " is not built yet");
    }
    return state;
  }

  private Map<String, String> globals() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String side : List.of("TARGET", "BUILD")) {
      values.put(side + "PLATFORM", "linux/amd64");
      values.put(side + "OS", "linux");
      values.put(side + "ARCH", "amd64");
    }
    script
        .globals()
        .forEach(
            (name, fallback) ->
                Optional.ofNullable(build.spec().args().get(name))
                    .or(() -> fallback.map(f -> script.expand(f, values)))
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
    ImageBuildStatus.Step s = steps.begin();
    log.line("[" + s.number() + "/" + s.total() + "] " + s.instruction());
    progress.run();
    return host.clock().instant();
  }

  private void end(Instant began, boolean cached, String reason) {
    steps.set("Done", cached, reason, Optional.of(Duration.between(began, host.clock().instant())));
  }

  /// True when nothing had to be done.
  private boolean step(
      Script.Stage stage, StageState state, Map<String, String> globals, Instruction i)
      throws IOException, InterruptedException {
    Map<String, String> values = state.variables();
    switch (i) {
      case Instruction.From f ->
          throw new IllegalStateException("FROM inside a stage: " + f.text());
      case Instruction.Arg a -> arguments(state, globals, values, a);
      case Instruction.Env e ->
          e.values().forEach((k, v) -> state.env.put(expand(k, values), expand(v, values)));
      case Instruction.Label l ->
          l.values().forEach((k, v) -> state.label(expand(k, values), expand(v, values)));
      case Instruction.Expose e -> e.ports().forEach(p -> state.expose(expand(p, values)));
      case Instruction.User u -> state.user = expand(u.user(), values);
      case Instruction.Cmd c -> state.command(c.command().argv(state.shell()));
      case Instruction.Entrypoint e -> state.entrypoint(e.command().argv(state.shell()));
      case Instruction.Shell s -> state.shell(s.words());
      case Instruction.StopSignal s -> state.stopSignal(expand(s.signal(), values));
      case Instruction.HealthCheck h -> state.health(h);
      case Instruction.OnBuild o -> state.onBuild(o.trigger());
      case Instruction.WorkDir w -> {
        return workDir(state, w, values);
      }
      case Instruction.Run r -> {
        return run(stage, state, r, values);
      }
      case Instruction.Copy c -> {
        return copy(stage, state, c, values);
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

  private String expand(String text, Map<String, String> values) {
    return script.expand(text, values);
  }

  private void arguments(
      StageState state,
      Map<String, String> globals,
      Map<String, String> values,
      Instruction.Arg a) {
    a.values()
        .forEach(
            (name, fallback) ->
                Optional.ofNullable(build.spec().args().get(name))
                    .or(
                        () ->
                            Optional.ofNullable(globals.get(name)).filter(_ -> fallback.isEmpty()))
                    .or(() -> fallback.map(f -> expand(f, values)))
                    .ifPresent(v -> state.args.put(name, v)));
  }

  private boolean workDir(StageState state, Instruction.WorkDir w, Map<String, String> values)
      throws IOException, InterruptedException {
    String wanted = expand(w.directory(), values);
    String path = wanted.startsWith("/") ? wanted : state.directory + "/" + wanted;
    state.directory = "/" + CopyPlan.normalize(path);
    return layer(
        state,
        w,
        new Inputs(state.key, "WORKDIR " + state.directory, ""),
        n -> runner.workDir(n, state, state.directory));
  }

  // ---- RUN

  private boolean run(
      Script.Stage stage, StageState state, Instruction.Run r, Map<String, String> values)
      throws IOException, InterruptedException {
    Instruction.Run run = expanded(r, values);
    RunMounts.Origins origins = from -> origin(stage, from);
    String mounted = RunMounts.key(host.containers().machine().sys(), run, context, origins);
    Inputs inputs =
        new Inputs(
            state.key,
            "RUN " + r.text(),
            new TreeMap<>(state.args)
                + " "
                + state.env
                + " "
                + state.directory
                + " "
                + state.user
                + mounted);
    List<String> argv =
        run.program().isPresent() ? List.of(RunMounts.PROGRAM) : run.command().argv(state.shell());
    return layer(
        state, r, inputs, n -> runner.run(n, state, argv, proxies(), at -> open(run, origins, at)));
  }

  private Instruction.Run expanded(Instruction.Run r, Map<String, String> values) {
    List<Mount> mounts = r.mounts().stream().map(m -> MountText.expand(m, values, script)).toList();
    return new Instruction.Run(r.line(), r.text(), r.command(), mounts, r.heredocs(), r.program());
  }

  private RunMounts.Tree origin(Script.Stage stage, Optional<String> from) {
    if (from.isEmpty()) {
      return new RunMounts.Tree(List.of(context), "");
    }
    Optional<Script.Stage> other = script.before(stage, from.get());
    StageState state = other.isPresent() ? state(other.get()) : base(from.get());
    return new RunMounts.Tree(runner.lower(state.layers), state.key);
  }

  private RunMounts open(Instruction.Run run, RunMounts.Origins origins, Path at)
      throws IOException, InterruptedException {
    RunMounts mounts = new RunMounts(host.containers().machine().sys(), at);
    try {
      for (Mount mount : run.mounts()) {
        switch (mount) {
          case Mount.Bind b -> mounts.bind(b, origins.tree(b.from()));
          case Mount.Tmpfs t -> mounts.tmpfs(t);
          case Mount.Cache c ->
              mounts.cache(
                  caches, build.namespace(), c, c.from().map(f -> origins.tree(Optional.of(f))));
          case Mount.Secret s -> refuse(s);
        }
      }
      if (run.program().isPresent()) {
        mounts.program(run.program().get());
      }
      return mounts;
    } catch (IOException | InterruptedException | RuntimeException e) {
      mounts.close();
      throw e;
    }
  }

  /// An agent may read the Secrets of its pods only, and a build names none that it could be given:
  /// a secret that is not required is absent, as the format has it, any other is refused.
  private static void refuse(Mount.Secret s) {
    if (s.required()) {
      throw new BuildException(
          "--mount=type=secret,id="
              + s.id()
              + ": builds are given no secrets; read it when the container runs, from a Secret in"
              + " env, or write required=false");
    }
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

  // ---- layers

  private interface Work {
    Optional<Digest> on(int step) throws IOException, InterruptedException;
  }

  private boolean layer(StageState state, Instruction i, Inputs inputs, Work work)
      throws IOException, InterruptedException {
    Optional<Result> known = cache.find(inputs);
    String reason =
        cache.explain(
            build.spec().repository() + " " + build.spec().target().orElse(""),
            steps.current(),
            inputs,
            known.isPresent());
    steps.set("Running", known.isPresent(), reason, Optional.empty());
    log.line(reason);
    Result result;
    if (known.isPresent()) {
      result = known.get();
    } else {
      result = new Result(work.on(steps.current()));
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

  // ---- COPY

  private boolean copy(
      Script.Stage stage, StageState state, Instruction.Copy c, Map<String, String> values)
      throws IOException, InterruptedException {
    Instruction.Copy copy = expanded(c, values);
    OptionalInt mode = mode(copy);
    if (copy.from().isEmpty()) {
      return copy(state, c, runner.prepare(steps.current(), copy, context, state, mode));
    }
    Optional<Script.Stage> other = script.before(stage, copy.from().get());
    StageState origin = other.isPresent() ? state(other.get()) : base(copy.from().get());
    try (MergedView view = runner.view(origin.layers)) {
      return copy(state, c, runner.prepare(steps.current(), copy, view.root(), state, mode));
    }
  }

  private Instruction.Copy expanded(Instruction.Copy c, Map<String, String> values) {
    return new Instruction.Copy(
        c.line(),
        c.text(),
        c.unpack(),
        c.sources().stream().map(s -> expand(s, values)).toList(),
        c.files().stream()
            .map(
                h ->
                    h.expand()
                        ? new dev.berth.api.script.Heredoc(
                            h.name(),
                            Words.expandDocument(h.content(), values, script.escape()),
                            true)
                        : h)
            .toList(),
        expand(c.target(), values),
        c.from().map(f -> expand(f, values)),
        c.owner().map(o -> expand(o, values)),
        c.mode().map(m -> expand(m, values)),
        c.link());
  }

  private boolean copy(StageState state, Instruction.Copy c, StepRunner.Prepared prepared)
      throws IOException, InterruptedException {
    Inputs inputs =
        new Inputs(state.key, c.text() + " in " + state.directory, prepared.digest().toString());
    boolean cached = layer(state, c, inputs, n -> runner.apply(n, state, prepared));
    Files.deleteIfExists(prepared.archive());
    return cached;
  }

  private static OptionalInt mode(Instruction.Copy c) {
    if (c.mode().isEmpty()) {
      return OptionalInt.empty();
    }
    String text = c.mode().get();
    if (!text.matches("[0-7]{3,4}")) {
      throw new BuildException("--chmod=" + text + ": only octal modes are supported");
    }
    return OptionalInt.of(Integer.parseInt(text, 8));
  }
}
