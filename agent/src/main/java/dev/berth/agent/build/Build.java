package dev.berth.agent.build;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.LayerUnpacker;
import dev.berth.agent.logs.LogReader;
import dev.berth.api.Digest;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.api.script.Script;
import dev.berth.api.script.ScriptException;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// One build, from the packed context to the pushed image. Its status goes out after every step.
final class Build {
  private static final int LAST_LINES = 20;
  private static final int LAST_BYTES = 4096;

  private final BuildHost host;
  private final ImageBuild build;
  private final Consumer<ImageBuildStatus> publish;
  private final BuildLog log;
  private final Path dir;
  private final Path context;
  private final CacheMounts mounts;
  private final Instant start;
  private final StepList steps = new StepList();

  Build(BuildHost host, CacheMounts mounts, ImageBuild build, Consumer<ImageBuildStatus> publish) {
    this.host = host;
    this.build = build;
    this.publish = publish;
    this.log =
        new BuildLog(
            BuildHost.logFile(host.dataDir(), build.namespace(), build.name()), host.clock());
    this.dir = host.root().resolve(build.uid());
    this.context = dir.resolve("context");
    this.mounts = mounts;
    this.start = host.clock().instant();
  }

  void run() throws InterruptedException {
    try {
      progress();
      fetchContext();
      Script script = script();
      List<Script.Stage> needed = script.needed(build.spec().target());
      steps.plan(needed);
      StageState last =
          new StageBuild(host, build, script, context, mounts, steps, log, this::progress)
              .build(needed);
      Digest digest = new Push(host, build.spec().repository()).push(last);
      log.line("pushed " + build.spec().repository() + "@" + digest);
      publish(Phase.SUCCEEDED, Optional.of(digest), last.ports(), Optional.empty());
    } catch (ScriptException e) {
      fail(String.valueOf(e.getMessage()), OptionalInt.empty(), e.line(), e.column());
    } catch (BuildException e) {
      fail(String.valueOf(e.getMessage()), e.exitCode(), 0, 0);
    } catch (IOException | RuntimeException e) {
      fail(explained(e), OptionalInt.empty(), 0, 0);
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
          registry.blob(repository, Digest.parse(layer.path("digest").asString()))) {
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

  // ---- the end

  private String explained(Exception e) {
    Optional<String> full = host.images().store().fullAsSaidBy(e);
    if (full.isPresent()) {
      return "no space is left: " + full.get();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void fail(String message, OptionalInt exitCode, int line, int column) {
    Optional<ImageBuildStatus.Step> step = steps.now();
    List<String> output =
        exitCode.isPresent()
            ? LogReader.lastLines(log.file(), LAST_LINES, LAST_BYTES).lines().toList()
            : List.of();
    step.ifPresent(s -> steps.set("Failed", false, s.reason(), s.duration()));
    log.lastLine("failed: " + message);
    publish(
        Phase.FAILED,
        Optional.empty(),
        List.of(),
        Optional.of(
            new ImageBuildStatus.Failure(
                step.map(ImageBuildStatus.Step::number).orElse(0),
                build.spec().containerScript(),
                line > 0 ? line : step.map(ImageBuildStatus.Step::line).orElse(0),
                column,
                step.map(ImageBuildStatus.Step::instruction).orElse(""),
                exitCode,
                message,
                output)));
  }

  private void progress() {
    publish(Phase.RUNNING, Optional.empty(), List.of(), Optional.empty());
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
            steps.all(),
            failure));
  }
}
