package dev.berth.cli.apply;

import dev.berth.api.ImageRef;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildSpec;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.api.script.Problem;
import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Patience;
import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth build",
    header = {
      "Example:",
      "  berth build manifests/digits/model -t digits-model:1",
      "  berth build . -t web:2 -f deploy/Dockerfile --target run --build-arg VERSION=2",
      ""
    },
    description =
        "%nBuilds an image from a folder on a host of the cluster and names it in the cluster's"
            + " repository. Prints the image, pinned.")
public final class BuildVerb extends ClientVerb {
  @Parameters(paramLabel = "DIR", description = "The build context.")
  Path folder = Path.of(".");

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "NAME[:TAG]",
      required = true,
      description = "The image's name; tag latest where none is given.")
  String tag = "";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = "Dockerfile",
      description = "The container script, inside DIR (${DEFAULT-VALUE}).")
  String script = "Dockerfile";

  @Option(names = "--target", paramLabel = "STAGE", description = "Stop after this stage.")
  @Nullable String target;

  @Option(
      names = "--build-arg",
      paramLabel = "KEY=VALUE",
      description = "A value for an ARG; repeatable.")
  Map<String, String> args = Map.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30m",
      description = "How long to wait (${DEFAULT-VALUE}).")
  String timeout = "30m";

  private final InstantSource clock = InstantSource.system();

  public BuildVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    ImageRef name = name();
    if (!Files.isRegularFile(folder.resolve(script))) {
      throw Failure.of(
          "there is no " + script + " in " + folder,
          "name it: berth build " + folder + " -t " + tag + " -f FILE");
    }
    List<Problem> problems = ScriptCheck.of(folder, script, Optional.ofNullable(target));
    if (!problems.isEmpty()) {
      throw ManifestFiles.invalid(problems.stream().map(Problem::toString).toList());
    }
    Duration limit = Patience.limit(timeout);
    String repository =
        name.repository().contains("/") ? name.repository() : inNamespace + "/" + name.repository();
    try (Registry registry = Registry.ofCluster(client)) {
      Instant begun = clock.instant();
      ContextPush.Pushed pushed = new ContextPush(registry).push(folder, script, repository);
      ImageBuildSpec spec =
          new ImageBuildSpec(
              pushed.digest(),
              script,
              Optional.ofNullable(target),
              args,
              repository,
              Optional.empty());
      ObjectKey key =
          new ObjectKey(
              inNamespace, spec.objectName(name.repository().replaceAll("[/._]+", "-"), "image"));
      new Builds(client).ensure(key, spec, Map.of());
      ImageBuild done = await(client, key, context(pushed), begun, limit);
      return tagged(registry, name, repository, done);
    }
  }

  private ImageRef name() {
    ImageRef name = Parsed.image(tag);
    if (name.host().isPresent() || name.digest().isPresent()) {
      throw Failure.of(
          "-t " + tag + " names " + (name.digest().isPresent() ? "a digest" : "another registry"),
          "builds go to the cluster's repository: -t NAME:TAG");
    }
    return name;
  }

  private Row context(ContextPush.Pushed pushed) {
    return Row.of(
        pushed.known() ? State.UNCHANGED : State.DONE,
        "context " + folder,
        pushed.files() + " files, " + Spans.bytes(pushed.bytes()));
  }

  private ImageBuild await(
      ApiClient client, ObjectKey key, Row context, Instant begun, Duration limit)
      throws InterruptedException {
    Board board = new Board(terminal);
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      ImageBuild build = ImageBuild.read(client.get(Kinds.IMAGE_BUILD, key));
      Duration elapsed = Duration.between(begun, clock.instant());
      Tree tree =
          new Tree(
              "build " + tag,
              elapsed,
              Optional.of(limit),
              List.of(context, AppView.buildRow(build)));
      if (build.status().phase().isFinal()) {
        board.finish(tree);
        return build;
      }
      board.show(tree);
      if (elapsed.compareTo(limit) > 0) {
        throw new Failure(
            Exit.TIMEOUT,
            "the build is " + Waiting.over(limit) + "; the server goes on",
            "berth describe imagebuild/" + key.name());
      }
      never.await(200, TimeUnit.MILLISECONDS);
    }
  }

  private Exit tagged(Registry registry, ImageRef name, String repository, ImageBuild done)
      throws IOException {
    if (done.status().phase() == Phase.FAILED) {
      done.status()
          .failure()
          .ifPresent(
              failure ->
                  failure
                      .lastOutput()
                      .forEach(line -> terminal.say("  | " + Printable.line(line))));
      throw new Failure(
          Exit.ROLLOUT_FAILED, AppView.failure(done), "berth logs imagebuild/" + done.name());
    }
    String digest =
        done.status()
            .digest()
            .orElseThrow(() -> Failure.of("the build names no digest"))
            .toString();
    Registry.Manifest manifest =
        registry
            .manifest(repository, digest)
            .orElseThrow(() -> Failure.of(repository + "@" + digest + " is not in the registry"));
    registry.putManifest(
        repository, name.tag().orElse("latest"), manifest.mediaType(), manifest.bytes());
    terminal.data(name.repository() + ":" + name.tag().orElse("latest") + "@" + digest);
    return Exit.OK;
  }
}
