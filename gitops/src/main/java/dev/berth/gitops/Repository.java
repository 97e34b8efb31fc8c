package dev.berth.gitops;

import dev.berth.api.Condition;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitRepositorySpec;
import dev.berth.gitops.GitOps.Ports;
import dev.berth.gitops.Outcome.Happened;
import dev.berth.gitops.context.CommitContexts;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.render.Item;
import dev.berth.gitops.render.RenderException;
import dev.berth.gitops.render.Renderer;
import dev.berth.gitops.source.Clones;
import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.GitUrl;
import dev.berth.gitops.source.Revision;
import dev.berth.gitops.source.SourceException;
import dev.berth.gitops.source.SourceRequest;
import dev.berth.gitops.source.SourceWatch;
import dev.berth.gitops.source.SourceWatch.View;
import dev.berth.gitops.sync.Removal;
import dev.berth.gitops.sync.StatusReport;
import dev.berth.gitops.sync.SyncPlan;
import dev.berth.gitops.sync.SyncResult;
import dev.berth.gitops.sync.Synchronizer;
import dev.berth.gitops.sync.Target;
import dev.berth.gitops.sync.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// One repository over time: its source, and what was compared last. One thread at a time calls
/// [#reconcile].
final class Repository {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATE = Duration.ofMinutes(10);

  private static final int REMEMBERED = 200;

  private final Ports ports;
  private final Clones clones;
  private final SourceWatch source;
  private final Synchronizer synchronizer;
  private final Removal removal;
  private final CommitContexts contexts;
  private volatile boolean checkSoon;
  private @Nullable Rendered rendered;
  private Optional<String> lastRequest = Optional.empty();

  Repository(Ports ports, Clones clones, SourceWatch source) {
    this.ports = ports;
    this.clones = clones;
    this.source = source;
    this.synchronizer = new Synchronizer(ports.cluster());
    this.removal = new Removal(ports.cluster());
    this.contexts = new CommitContexts(ports.contexts());
  }

  SourceWatch source() {
    return source;
  }

  void checkSoon() {
    checkSoon = true;
  }

  Outcome reconcile(ObjectNode tree) {
    GitRepository repository = GitRepository.read(tree);
    boolean wantsFinalizer = repository.spec().sync().deletesWithRepository();
    boolean hasFinalizer =
        Json.at(tree, "metadata", "finalizers")
            .valueStream()
            .anyMatch(node -> node.asString("").equals(GitRepository.FINALIZER));
    StatusReport report =
        new StatusReport(tree.path("status"), repository.generation(), ports.clock().instant());
    if (Json.isDeleting(tree)) {
      return deletion(tree, repository, hasFinalizer, report);
    }
    if (wantsFinalizer != hasFinalizer) {
      return outcome(before(tree), Duration.ZERO, wantsFinalizer);
    }
    if (repository.spec().suspend()) {
      report.condition("Suspended", true, "Suspended", "nothing is fetched or applied");
      return outcome(report.status(), LATE, wantsFinalizer);
    }
    report.without("Suspended");
    return looked(tree, repository, report);
  }

  private static ObjectNode before(ObjectNode tree) {
    return tree.path("status") instanceof ObjectNode status ? status : Json.object();
  }

  private static Outcome outcome(ObjectNode status, Duration again, boolean finalizer) {
    return new Outcome(status, again, finalizer, Set.of(), List.of());
  }

  private Outcome deletion(
      ObjectNode tree, GitRepository repository, boolean hasFinalizer, StatusReport report) {
    if (!hasFinalizer || !repository.spec().sync().deletesWithRepository()) {
      return outcome(before(tree), LATE, false);
    }
    if (isEnding(repository.namespace())) {
      return lastTry(tree, repository);
    }
    Optional<String> waits = removal.goOn(tree, repository);
    waits.ifPresent(message -> report.condition("Ready", false, "Deleting", message));
    return outcome(report.status(), SOON, waits.isPresent());
  }

  private Outcome lastTry(ObjectNode tree, GitRepository repository) {
    List<SyncPlan.Refused> refusals = removal.tryOnce(tree, repository);
    if (refusals.stream().anyMatch(refused -> !refused.lasting())) {
      return outcome(before(tree), SOON, true);
    }
    for (SyncPlan.Refused refused : refusals) {
      LOG.atWarn()
          .addKeyValue("repository", repository.key())
          .addKeyValue("found", refused.message())
          .log("the namespace ends, and what its repository applied elsewhere stays");
    }
    return outcome(before(tree), LATE, false);
  }

  private boolean isEnding(String namespace) {
    return ports
        .cluster()
        .get(Kinds.NAMESPACE, ObjectKey.clusterScoped(namespace))
        .filter(Json::isDeleting)
        .isPresent();
  }

  private Outcome looked(ObjectNode tree, GitRepository repository, StatusReport report) {
    Asked asked = Asked.of(tree);
    boolean sameSpec =
        Json.at(tree, "status", "observedGeneration").asLong(0) == Json.generation(tree);
    if (!sameSpec) {
      // It may be the commit of another reference: with this spec nobody asked for it.
      report.status().remove("source");
    }
    SourceRequest request;
    try {
      request = Sources.request(repository, ports.secrets());
    } catch (SourceException e) {
      report.condition("SourceReady", false, e.reason(), e.message());
      report.broken(e.reason(), e.message());
      return outcome(report.status(), SOON, repository.spec().sync().deletesWithRepository());
    }
    boolean now = checkSoon || isNew(asked);
    checkSoon = false;
    View view = source.look(request, repository.spec().interval(), now);
    tellSource(report, repository.spec(), view);
    Optional<String> tip = view.revision().map(Revision::text).or(() -> lastTip(report));
    if (tip.isEmpty() || (view.asking() && view.revision().isEmpty() && view.failure().isEmpty())) {
      return noCommit(repository, report, view);
    }
    Optional<Happened> refusal = asked.refusal(tree.path("status"), tip.get());
    Asked known = asked.known(tree.path("status"), tip.get());
    Outcome outcome = synced(tree, repository, request, report, view, tip.get(), known);
    return refusal.map(event -> outcome.refusing(GitRepository.ROLLBACK_TO, event)).orElse(outcome);
  }

  /// The remote is asked once for each request: until its answer is here the sync waits.
  private boolean isNew(Asked asked) {
    boolean seen = asked.request().equals(lastRequest);
    lastRequest = asked.request();
    return asked.sync() && !seen;
  }

  private void tellSource(StatusReport report, GitRepositorySpec spec, View view) {
    view.checked()
        .ifPresent(
            time -> {
              ObjectNode check = Json.object().put("time", Times.format(time));
              check.put("duration", view.took().toMillis() + "ms");
              view.next().ifPresent(next -> check.put("nextCheck", Times.format(next)));
              report.set("lastCheck", check);
            });
    view.revision().ifPresent(revision -> report.set("source", source(revision)));
    if (view.failure().isPresent()) {
      SourceException e = view.failure().get();
      report.condition("SourceReady", false, e.reason(), e.message());
    } else if (view.revision().isPresent()) {
      report.condition("SourceReady", true, "Fetched", warning(spec));
    }
  }

  private static String warning(GitRepositorySpec spec) {
    try {
      return GitUrl.parse(spec.url(), Optional.of(java.nio.file.Path.of("/"))).warning().orElse("");
    } catch (SourceException e) {
      return "";
    }
  }

  private static ObjectNode source(Revision revision) {
    return Json.object()
        .put("revision", revision.text())
        .put("author", revision.author())
        .put("subject", revision.subject())
        .put("committedAt", Times.format(revision.committedAt()));
  }

  /// After a restart, while the remote is silent: what the status remembers of the same spec.
  private static Optional<String> lastTip(StatusReport report) {
    return Optional.of(Json.text(report.status(), "source", "revision"))
        .filter(text -> !text.isEmpty());
  }

  private Outcome noCommit(GitRepository repository, StatusReport report, View view) {
    if (view.failure().isPresent()) {
      SourceException e = view.failure().get();
      report.broken(e.reason(), e.message());
    } else {
      report.condition("Ready", false, "Fetching", "asks the remote");
      report.condition("Reconciling", true, "Fetching", "asks the remote");
    }
    return outcome(
        report.status(), until(view, LATE), repository.spec().sync().deletesWithRepository());
  }

  private Duration until(View view, Duration most) {
    Duration left =
        view.next()
            .map(next -> Duration.between(ports.clock().instant(), next))
            .filter(pause -> pause.compareTo(most) < 0)
            .orElse(most);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Outcome synced(
      ObjectNode tree,
      GitRepository repository,
      SourceRequest request,
      StatusReport report,
      View view,
      String tip,
      Asked asked) {
    GitRepositorySpec spec = repository.spec();
    Target target = Target.choose(tree.path("status"), tip, asked.rollbackTo());
    SyncResult result;
    try (CommitFiles files = clones.open(request, target.commit()).orElse(null)) {
      if (files == null) {
        return awaited(repository, report, view, target);
      }
      Optional<Revision> seen =
          view.revision().filter(revision -> revision.text().equals(target.revision()));
      if (!Verification.passes(
          repository, tree.path("status"), target, seen, files, ports.secrets(), report)) {
        report.put("attemptedRevision", target.revision());
        return finished(repository, report, view, asked, List.of(), LATE);
      }
      List<Wanted> wanted = Wanted.of(repository, items(repository, files), ports.cluster());
      boolean may = (asked.sync() && !view.asking()) || asked.rollbackTo().isPresent();
      Instant now = ports.clock().instant();
      result =
          synchronizer.sync(
              new Synchronizer.Task(
                  tree, repository, target, wanted, may, each -> prepared(repository, each), now));
    } catch (RenderException e) {
      report.put("attemptedRevision", target.revision());
      report.broken(e.reason(), e.message());
      Duration again = e.reason().equals(CommitContexts.FORBIDDEN) ? SOON : LATE;
      return finished(repository, report, view, asked, List.of(), again);
    } catch (SourceException e) {
      report.broken(e.reason(), e.message());
      return outcome(report.status(), SOON, spec.sync().deletesWithRepository());
    }
    report.synced(result, spec.sync().waits(), spec.historyLimit());
    sourceTroubles(report, view);
    return finished(repository, report, view, asked, events(result), pause(report, result));
  }

  /// What the commit renders to, kept for the next look at it where it is not very much.
  private List<Item> items(GitRepository repository, CommitFiles files) throws RenderException {
    GitRepositorySpec spec = repository.spec();
    Rendered known = rendered;
    if (known != null
        && known.commit().equals(files.commit())
        && known.generation() == repository.generation()) {
      return known.items();
    }
    List<Item> items = Renderer.render(files, spec.path(), spec.exclude(), spec.substitute());
    List<Item> noted =
        contexts.noted(
            files,
            items,
            repository.namespace(),
            spec.maxSizeBytes(),
            (type, key) -> ports.cluster().requireWrite(type, key, actor(repository)));
    rendered =
        noted.size() <= REMEMBERED
            ? new Rendered(files.commit(), repository.generation(), noted)
            : null;
    return noted;
  }

  private static Actor actor(GitRepository repository) {
    return new Actor(repository.key(), repository.spec().serviceAccountName());
  }

  private record Rendered(String commit, long generation, List<Item> items) {}

  /// The commit is not in the clone: it is fetched, with a pause after each failure.
  private Outcome awaited(GitRepository repository, StatusReport report, View view, Target target) {
    if (view.failure().isEmpty() || view.next().isEmpty()) {
      source.bring(target.commit());
    }
    report.condition("Ready", false, "Fetching", "fetches " + target.revision());
    report.condition("Reconciling", true, "Fetching", "fetches " + target.revision());
    return outcome(
        report.status(), until(view, SOON), repository.spec().sync().deletesWithRepository());
  }

  /// Asks for the builds that a ModelApp needs, before it is written.
  private ObjectNode prepared(GitRepository repository, Wanted wanted) {
    Actor actor = actor(repository);
    for (ObjectNode build : CommitContexts.builds(wanted.object())) {
      if (ports.cluster().get(Kinds.IMAGE_BUILD, ObjectKey.of(build)).isEmpty()) {
        ports.cluster().apply(Kinds.IMAGE_BUILD, build, false, actor);
      }
    }
    return wanted.object();
  }

  /// A remote that does not answer makes the repository not ready, though all it applied may be
  /// well.
  private static void sourceTroubles(StatusReport report, View view) {
    if (view.failure().isPresent() && report.find("Ready").orElseThrow().isTrue()) {
      SourceException e = view.failure().get();
      report.condition("Ready", false, e.reason(), e.message());
    }
  }

  private static List<Happened> events(SyncResult result) {
    List<Happened> events = new ArrayList<>();
    if (result.wrote()) {
      events.add(new Happened(false, "Applied", "applied " + result.target().revision()));
    }
    if (result.pruned() > 0) {
      events.add(new Happened(false, "Pruned", "deleted " + result.pruned() + " objects"));
    }
    return events;
  }

  private static Duration pause(StatusReport report, SyncResult result) {
    if (result.instead().isPresent()) {
      Target instead = result.instead().get();
      report.put("attemptedRevision", instead.revision());
      var skipped = Json.array();
      instead.skipped().forEach(skipped::add);
      report.set("skippedRevisions", skipped);
      return Duration.ZERO;
    }
    return report.find("Ready").orElseThrow().isTrue() ? LATE : SOON;
  }

  private Outcome finished(
      GitRepository repository,
      StatusReport report,
      View view,
      Asked asked,
      List<Happened> events,
      Duration again) {
    Set<String> answered = new HashSet<>();
    if (report.find("Synced").filter(Condition::isTrue).isPresent()) {
      answered.add(GitRepository.CONFIRM_PRUNE);
    }
    if (asked.rollbackTo().isPresent()) {
      answered.add(GitRepository.ROLLBACK_TO);
    }
    if (!view.asking()) {
      asked.request().ifPresent(text -> report.put("handledSyncRequest", text));
    }
    return new Outcome(
        report.status(),
        until(view, again),
        repository.spec().sync().deletesWithRepository(),
        answered,
        events);
  }
}
