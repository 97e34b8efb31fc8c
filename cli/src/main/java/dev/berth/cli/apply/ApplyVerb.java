package dev.berth.cli.apply;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.apply.ManifestFiles.Loaded;
import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Patience;
import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth apply",
    header = {
      "Example:",
      "  berth apply -f manifests/digits",
      "  berth apply -f modelapp.yaml --dry-run",
      "  kustomize build . | berth apply -f - --timeout 2m",
      ""
    },
    description = {
      "%nMakes what the manifests say true: checks them (all problems at once, with line and"
          + " column), packs and builds images from folders, creates or changes the objects, and"
          + " waits until they run.",
      "%nExit codes: 0 ok, 2 the rollout failed, 3 timeout, 4 invalid manifest, 5 server"
          + " unreachable."
    })
public final class ApplyVerb extends ClientVerb {
  @Mixin final Sources sources = new Sources();

  @Mixin final Patience patience = new Patience();

  @Option(
      names = "--dry-run",
      description = "Check everything and say what would change; change nothing.")
  boolean dryRun;

  private final InstantSource clock = InstantSource.system();

  public ApplyVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    Duration limit = patience.limit();
    List<Target> targets = sources.targets(inNamespace);
    Instant begun = clock.instant();
    if (dryRun) {
      return new DryRun(terminal, client).run(targets);
    }
    Board board = new Board(terminal);
    String title = title(targets);
    try (Registry registry = Registry.ofCluster(client)) {
      Applier applier =
          new Applier(
              client,
              new ContextPush(registry),
              rows ->
                  board.show(
                      new Tree(
                          title,
                          Duration.between(begun, clock.instant()),
                          Optional.of(limit),
                          rows)));
      for (Target target : targets) {
        applier.apply(target);
      }
      return patience.waits()
          ? waitFor(
              client, applier, new Waiting(title, board, begun, limit, clock), inNamespace, limit)
          : applied(board, title, begun, applier);
    }
  }

  private static String title(List<Target> targets) {
    return targets.size() == 1
        ? "apply " + targets.getFirst().key().name()
        : "apply  (" + targets.size() + " objects)";
  }

  private Exit applied(Board board, String title, Instant begun, Applier applier) {
    List<Row> rows = new ArrayList<>(applier.rows());
    applier.plain().forEach(plain -> rows.add(plain.changed()));
    board.finish(new Tree(title, Duration.between(begun, clock.instant()), Optional.empty(), rows));
    return Exit.OK;
  }

  private Exit waitFor(
      ApiClient client, Applier applier, Waiting waiting, String ns, Duration limit)
      throws InterruptedException {
    Thread goodbye =
        Thread.ofPlatform()
            .name("berth-goodbye")
            .unstarted(
                () -> terminal.say("\nStopped watching; the server goes on. See: berth status"));
    Runtime.getRuntime().addShutdownHook(goodbye);
    List<Rollout> rollouts = new ArrayList<>();
    try {
      for (Applier.Applied app : applier.modelApps()) {
        rollouts.add(new Rollout(client, app.key(), Set.copyOf(app.builds()), waiting.changed()));
      }
      Waiting.End end = waiting.await(applier.rows(), rollouts, applier.plain());
      return new Ending("berth apply", terminal, client, sameServer(client, ns), server::reachable)
          .tell(end, rollouts, limit);
    } finally {
      rollouts.forEach(Rollout::close);
      Runtime.getRuntime().removeShutdownHook(goodbye);
    }
  }

  /// One object to apply: its type, its tree with the namespace set, and where it was read.
  record Target(ResourceType type, ObjectKey key, Loaded loaded) {
    ObjectNode tree() {
      return loaded.manifest().tree();
    }

    boolean isModelApp() {
      return type.equals(Kinds.MODEL_APP);
    }

    String label() {
      return type.kind() + "/" + Json.name(tree());
    }
  }
}
