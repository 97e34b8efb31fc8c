package dev.berth.cli.apply;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.apply.DeleteVerb.Doomed;
import dev.berth.cli.apply.ManifestFiles.Loaded;
import dev.berth.cli.look.Wires;
import dev.berth.cli.progress.Board;
import dev.berth.cli.talk.AppLogs;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Problems;
import dev.berth.cli.watch.FolderWatch;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import dev.berth.client.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Manifests that are applied again whenever they change.
///
/// ```
/// read, check --> apply, wait (a thread of its own) --> the wire
///   ^   '-> broken: say what, wait for the next change; what runs goes on running
///   '------- something changed: whoever still waits gives up, the newest counts
/// ```
///
/// The main thread follows the folders; [#end] may come from the one that ends the process.
final class DevSession {
  private static final Duration ROLLOUT = Duration.ofMinutes(10);
  private static final Duration REMOVAL = Duration.ofSeconds(30);
  private static final Duration SUPERSEDED = Duration.ofSeconds(5);
  private static final int MOST_NAMED = 3;

  /// What cannot be made anew from its manifest, or takes such with it.
  private static final Set<ResourceType> WITH_DATA =
      Set.of(
          Kinds.NAMESPACE,
          Kinds.PERSISTENT_VOLUME,
          Kinds.PERSISTENT_VOLUME_CLAIM,
          Kinds.SECRET,
          Kinds.CUSTOM_RESOURCE_DEFINITION);

  /// @param empty files that hold no manifest just now
  private record Wanted(List<Target> targets, Set<Path> empty) {}

  private final Terminal terminal;
  private final ApiClient client;
  private final Sources sources;
  private final String namespace;
  private final String same;
  private final UnaryOperator<String> reachable;
  private final boolean keep;
  private final InstantSource clock = InstantSource.system();

  /// Held while an object is made or deleted, and where `created`, `untilTheEnd` or `logs` is used.
  private final ReentrantLock making = new ReentrantLock();

  /// What this session made, in the order it was made, as the server answered: with its uid.
  private final Map<String, Doomed> created = new LinkedHashMap<>();

  /// Which of them were told to stay until the end.
  private final Set<String> untilTheEnd = new HashSet<>();

  private final Map<ObjectKey, AppLogs> logs = new HashMap<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean applied;
  private volatile Optional<Thread> rolling = Optional.empty();

  /// @param same what to add to a command that asks the same server
  /// @param reachable an app's address as it works from here
  /// @param keep whether nothing is deleted at the end
  DevSession(
      Terminal terminal,
      ApiClient client,
      Sources sources,
      String namespace,
      String same,
      UnaryOperator<String> reachable,
      boolean keep) {
    this.terminal = terminal;
    this.client = client;
    this.sources = sources;
    this.namespace = namespace;
    this.same = same;
    this.reachable = reachable;
    this.keep = keep;
  }

  /// Returns only by being interrupted.
  void follow(FolderWatch watch) throws IOException, InterruptedException {
    watch.watch(manifestFolders(), Set.of());
    while (true) {
      read(watch).ifPresent(this::start);
      heard(watch).ifPresent(changed -> say(Paint.BOLD, "changed: " + names(changed)));
      supersede(ROLLOUT);
    }
  }

  /// What cannot be watched any more is told, and goes on with what can; empty then, as what
  /// changed is not known.
  private Optional<Set<Path>> heard(FolderWatch watch) throws InterruptedException {
    try {
      return Optional.of(watch.await());
    } catch (Failure | IOException e) {
      Problems.report(terminal, "berth dev", e);
      return Optional.empty();
    }
  }

  private Set<Path> manifestFolders() throws IOException {
    Set<Path> folders = new HashSet<>();
    for (String source : sources.names()) {
      Path path = Path.of(source).toAbsolutePath().normalize();
      if (!Files.exists(path)) {
        throw Failure.of("there is no file " + path);
      }
      Path parent = path.getParent();
      folders.add(Files.isDirectory(path) || parent == null ? path : parent);
    }
    return folders;
  }

  private static String names(Set<Path> changed) {
    if (changed.isEmpty()) {
      return "many files";
    }
    String first =
        changed.stream()
            .limit(MOST_NAMED)
            .map(path -> String.valueOf(path.getFileName()))
            .collect(Collectors.joining(", "));
    return first
        + (changed.size() > MOST_NAMED ? " and " + (changed.size() - MOST_NAMED) + " more" : "");
  }

  /// Empty where something is wrong, which was told.
  private Optional<Wanted> read(FolderWatch watch) {
    try {
      watch.watch(Set.of(), contexts());
      ManifestFiles.Contents contents = ManifestFiles.contents(sources.names());
      if (contents.loaded().isEmpty()) {
        throw Failure.of("no manifest in " + String.join(", ", sources.names()));
      }
      return Optional.of(
          new Wanted(Targets.of(contents.loaded(), namespace), Set.copyOf(contents.empty())));
    } catch (Failure | IOException e) {
      Problems.report(terminal, "berth dev", e);
      if (applied) {
        terminal.say("  what runs goes on running; mend it, and it is applied");
      }
      return Optional.empty();
    }
  }

  /// Also of manifests whose container script is broken: that is where it will be mended.
  private Set<Path> contexts() throws IOException {
    Set<Path> contexts = new HashSet<>();
    for (Loaded one : ManifestFiles.read(sources.names())) {
      for (String component : List.of("model", "app")) {
        Json.optional(one.manifest().tree(), "spec", component, "build", "context")
            .map(context -> one.folder().toAbsolutePath().resolve(context).normalize())
            .ifPresent(contexts::add);
      }
    }
    return contexts;
  }

  /// Nothing after the end, which interrupts what was started before it.
  private void start(Wanted wanted) {
    making.lock();
    try {
      if (!ended.get()) {
        rolling =
            Optional.of(Thread.ofVirtual().name("berth-dev-rollout").start(() -> rollOut(wanted)));
      }
    } finally {
      making.unlock();
    }
  }

  /// Who waits for a rollout that is no more wanted stops waiting, but not amid making an object.
  ///
  /// @param limit how long it may take
  private void supersede(Duration limit) throws InterruptedException {
    boolean idle = making.tryLock(SUPERSEDED.toMillis(), TimeUnit.MILLISECONDS);
    try {
      rolling.ifPresent(Thread::interrupt);
    } finally {
      if (idle) {
        making.unlock();
      }
    }
    Optional<Thread> last = rolling;
    if (last.isPresent() && !last.get().join(limit)) {
      terminal.say("what is just being applied may stay");
    }
  }

  private void rollOut(Wanted wanted) {
    try {
      followLogs(wanted.targets());
      applyAndWait(wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // a newer one comes, or the end
    } catch (Failure | ApiException | IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        Problems.report(terminal, "berth dev", e);
      }
    }
  }

  private void followLogs(List<Target> targets) throws InterruptedException {
    lockUnlessEnded();
    try {
      targets.stream()
          .filter(Target::isModelApp)
          .map(Target::key)
          .forEach(app -> logs.computeIfAbsent(app, key -> AppLogs.follow(client, key, terminal)));
    } finally {
      making.unlock();
    }
  }

  /// Not to be interrupted: whether it was made, and with which uid, must be known.
  void create(Target target, ObjectNode object) throws InterruptedException {
    lockUnlessEnded();
    try {
      String uid = Json.uid(client.create(target.type(), object));
      if (!uid.isEmpty()) {
        created.put(id(target), new Doomed(target.type(), target.key(), uid));
      }
    } finally {
      making.unlock();
    }
  }

  /// What the end has passed it would not clean up.
  private void lockUnlessEnded() throws InterruptedException {
    making.lockInterruptibly();
    if (ended.get()) {
      making.unlock();
      throw new InterruptedException("it has ended");
    }
  }

  private static String id(Target target) {
    return target.type().plural() + " " + target.key();
  }

  /// What this session made, and no manifest names any more, once what they do name was applied.
  /// What holds data waits for the end: a branch that is looked at for a minute names less, too.
  private void removeMissing(List<Target> targets) throws InterruptedException {
    Set<String> named = targets.stream().map(DevSession::id).collect(Collectors.toSet());
    making.lockInterruptibly();
    try {
      untilTheEnd.removeAll(named);
      for (String id : List.copyOf(created.keySet())) {
        Doomed doomed = created.get(id);
        if (named.contains(id) || doomed == null) {
          continue;
        }
        if (!WITH_DATA.contains(doomed.type())) {
          created.remove(id);
          remove(doomed, ": no manifest names it any more");
        } else if (untilTheEnd.add(id)) {
          terminal.say(
              doomed.label()
                  + " left: no manifest names it any more, but it may hold data"
                  + (keep ? "" : "; it goes at the end of berth dev"));
        }
      }
    } finally {
      making.unlock();
    }
  }

  /// Deletes this very object; one that somebody else made in its place stays.
  ///
  /// @param why what to add to "deleted"
  /// @return empty where there was nothing to delete, or it may not be
  private Optional<Doomed> remove(Doomed doomed, String why) {
    try {
      if (doomed.type().equals(Kinds.MODEL_APP)
          && client.find(doomed.type(), doomed.key()).filter(doomed::isStill).isPresent()) {
        removeBuilds(doomed.key());
      }
      Optional<Doomed> gone = DeleteVerb.delete(client, doomed);
      gone.ifPresent(one -> terminal.say(one.label() + " deleted" + why));
      return gone;
    } catch (ApiException e) {
      terminal.say(
          doomed.label()
              + " left: "
              + (e.error() instanceof ApiError.Conflict
                  ? "it is another one by now, made by somebody else"
                  : Printable.line(String.valueOf(e.getMessage()))));
      return Optional.empty();
    }
  }

  private void applyAndWait(Wanted wanted) throws IOException, InterruptedException {
    Board board = Board.ofLines(terminal);
    Waiting waiting = new Waiting("apply", board, clock.instant(), ROLLOUT, clock);
    List<Rollout> rollouts = new ArrayList<>();
    try (Registry registry = Registry.ofCluster(client)) {
      Applier applier = new Applier(client, new ContextPush(registry), _ -> {}, this::create);
      for (Target target : wanted.targets()) {
        applier.apply(target);
        applied = true;
      }
      if (wanted.empty().isEmpty()) {
        removeMissing(wanted.targets());
      } else {
        terminal.say("no manifest in " + Printable.line(names(wanted.empty())));
      }
      for (Applier.Applied app : applier.modelApps()) {
        rollouts.add(new Rollout(client, app.key(), Set.copyOf(app.builds()), waiting.changed()));
      }
      Waiting.End end = waiting.await(applier.rows(), rollouts, applier.plain());
      Exit exit =
          new Ending("berth dev", terminal, client, same, reachable).tell(end, rollouts, ROLLOUT);
      if (exit == Exit.OK) {
        rollouts.forEach(rollout -> wire(rollout.key()));
      }
    } finally {
      rollouts.forEach(Rollout::close);
    }
  }

  private void wire(ObjectKey app) {
    client
        .find(Kinds.MODEL_APP, app)
        .ifPresent(
            found ->
                Wires.of(client, found, terminal, clock.instant(), reachable, same)
                    .forEach(terminal::say));
  }

  /// Deletes what the session made, once, whoever comes first.
  void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      supersede(SUPERSEDED);
      making.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      logs.values().forEach(AppLogs::close);
      if (keep || created.isEmpty()) {
        terminal.say("Stopped; nothing was deleted.");
      } else {
        remove();
      }
    } catch (ApiException | Failure e) {
      Problems.report(terminal, "berth dev", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      making.unlock();
    }
  }

  private void remove() throws InterruptedException {
    terminal.say("Stopped; deleting what was created here:");
    List<Doomed> deleted = new ArrayList<>();
    for (Doomed doomed : List.copyOf(created.values()).reversed()) {
      remove(doomed, "").ifPresent(deleted::add);
    }
    DeleteVerb.gone(client, deleted, REMOVAL, clock);
  }

  private void removeBuilds(ObjectKey app) {
    LabelSelector mine = LabelSelector.of(Map.of("berth.dev/modelapp", app.name()));
    client
        .list(Kinds.IMAGE_BUILD, app.namespace(), ListOptions.labelled(mine))
        .items()
        .forEach(
            build -> DeleteVerb.delete(client, new Doomed(Kinds.IMAGE_BUILD, ObjectKey.of(build))));
  }

  private void say(Paint paint, String line) {
    terminal.say(paint.of(Printable.line(line), terminal.coloursInProgress()));
  }
}
