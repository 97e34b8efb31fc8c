package dev.berth.gitops.sync;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import dev.berth.gitops.sync.Attempt.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One look: compare, plan, write, and again until there is nothing to write now. It never waits:
/// what is on its way is looked at again later, and a newer commit simply is the next target.
public final class Synchronizer {
  private static final int ROUNDS = 20;

  private final Cluster cluster;
  private final Comparison comparison;

  /// When something was refused last that may be taken a moment later: the time in which nothing
  /// can be written is not the revision's fault.
  private Instant hindered = Instant.MIN;

  public Synchronizer(Cluster cluster) {
    this.cluster = cluster;
    this.comparison = new Comparison(cluster);
  }

  /// What to make of one repository now.
  ///
  /// @param tree the repository as it is stored
  /// @param asked whether somebody asks for this sync
  public record Task(
      ObjectNode tree,
      GitRepository repository,
      Target target,
      List<Wanted> wanted,
      boolean asked,
      Executor.Preparation preparation,
      Instant now) {
    JsonNode status() {
      return tree.path("status");
    }

    Actor actor() {
      return new Actor(repository.key(), repository.spec().serviceAccountName());
    }
  }

  private record Look(
      List<Compared> compared, Map<ObjectRef, ObjectNode> left, Pruning pruning, SyncPlan plan) {}

  public SyncResult sync(Task task) {
    String digest = Wanted.digest(task.wanted());
    Optional<Attempt> attempt = Attempt.last(task.status());
    boolean mayWrite = mayWrite(task, attempt, digest);
    Executor executor = new Executor(cluster, task.actor(), task.preparation(), comparison);
    Set<ObjectRef> deleted = new HashSet<>();
    boolean wrote = false;
    Look look = look(task, mayWrite, deleted);
    SyncPlan.Phase phase = look.plan().phase();
    for (int i = 0; i < ROUNDS && look.plan().phase() instanceof SyncPlan.Writes; i++) {
      wrote = true;
      attempt = Optional.of(current(task, attempt, digest));
      Optional<SyncPlan.Refused> refused = executor.execute(look.plan(), look.left(), deleted);
      look = look(task, mayWrite, deleted);
      phase = refused.<SyncPlan.Phase>map(found -> found).orElse(look.plan().phase());
      if (refused.isPresent()) {
        break;
      }
    }
    return result(task, look, phase, deleted.size(), attempt, digest, wrote);
  }

  /// The sync that this write belongs to: healing does not begin a new one.
  private static Attempt current(Task task, Optional<Attempt> last, String digest) {
    return last.filter(
            attempt ->
                attempt.isOf(task.target().revision(), digest)
                    && (attempt.isOpen()
                        || (attempt.result() == Result.SUCCEEDED && !task.asked())))
        .orElseGet(
            () ->
                Attempt.begun(
                    task.target().revision(),
                    digest,
                    task.now(),
                    task.asked() && task.target().by().equals("auto")
                        ? "request"
                        : task.target().by()));
  }

  private static boolean mayWrite(Task task, Optional<Attempt> last, String digest) {
    Optional<Attempt> same = last.filter(attempt -> attempt.isOf(task.target().revision(), digest));
    boolean open = same.filter(Attempt::isOpen).isPresent();
    if (task.asked() || open || task.target().by().equals("onFailure")) {
      return true;
    }
    if (task.repository().spec().sync().manual()) {
      return false;
    }
    return task.repository().spec().sync().selfHeal()
        || same.filter(attempt -> attempt.result() == Result.SUCCEEDED).isEmpty();
  }

  private Look look(Task task, boolean mayWrite, Set<ObjectRef> deleted) {
    List<Compared> compared = comparison.compare(task.wanted(), task.actor());
    List<ObjectRef> inventory = refs(task.status(), "inventory");
    Map<ObjectRef, ObjectNode> left = left(inventory, task.wanted(), deleted);
    Pruning pruning =
        Pruning.plan(
            left,
            inventory.size(),
            task.repository().spec().sync().prune(),
            task.repository().key().toString(),
            Set.copyOf(refs(task.status(), "pendingConfirmations")),
            confirmed(task));
    SyncPlan plan =
        SyncPlan.plan(
            new SyncPlan.Situation(
                task.repository(), compared, pruning, mayWrite, dependency(task.repository())));
    return new Look(compared, left, pruning, plan);
  }

  private static List<ObjectRef> refs(JsonNode status, String field) {
    List<ObjectRef> refs = new ArrayList<>();
    for (String text : Target.texts(status.path(field))) {
      refs.add(ObjectRef.parse(text));
    }
    return refs;
  }

  private Map<ObjectRef, ObjectNode> left(
      List<ObjectRef> inventory, List<Wanted> wanted, Set<ObjectRef> deleted) {
    Set<ObjectRef> kept = new HashSet<>(deleted);
    wanted.forEach(each -> kept.add(each.ref()));
    Map<ObjectRef, ObjectNode> left = new LinkedHashMap<>();
    for (ObjectRef ref : inventory) {
      if (!kept.contains(ref)) {
        find(ref).filter(live -> !Json.isDeleting(live)).ifPresent(live -> left.put(ref, live));
      }
    }
    return left;
  }

  private Optional<ObjectNode> find(ObjectRef ref) {
    return cluster.kind(ref.group(), ref.kind()).flatMap(type -> cluster.get(type, ref.key()));
  }

  private static boolean confirmed(Task task) {
    return Json.annotation(task.tree(), GitRepository.CONFIRM_PRUNE)
        .filter(text -> Target.same(text, task.target().revision()))
        .isPresent();
  }

  private Optional<String> dependency(GitRepository repository) {
    for (String name : repository.spec().sync().dependsOn()) {
      Optional<ObjectNode> found =
          cluster.get(Kinds.GIT_REPOSITORY, new ObjectKey(repository.namespace(), name));
      if (found.isEmpty()) {
        return Optional.of("waits for GitRepository " + name + ", which is not there");
      }
      boolean seen =
          Json.at(found.get(), "status", "observedGeneration").asLong(0)
              == Json.generation(found.get());
      if (!seen || !Conditions.isTrue(found.get(), "Ready")) {
        return Optional.of("waits for GitRepository " + name + ", which is not ready");
      }
    }
    return Optional.empty();
  }

  private SyncResult result(
      Task task,
      Look look,
      SyncPlan.Phase phase,
      int pruned,
      Optional<Attempt> attempt,
      String digest,
      boolean wrote) {
    SyncResult open =
        new SyncResult(
            task.target(),
            look.compared(),
            phase,
            look.pruning(),
            owned(task, look),
            pruned,
            attempt,
            Optional.empty(),
            wrote);
    Optional<Attempt> ended = ended(task, open, digest);
    boolean failed = ended.filter(each -> each.result() == Result.FAILED).isPresent();
    boolean leaves =
        failed && task.repository().spec().sync().rollsBack() && task.target().by().equals("auto");
    return new SyncResult(
        open.target(),
        open.compared(),
        phase,
        open.pruning(),
        open.inventory(),
        pruned,
        ended,
        leaves ? task.target().instead(task.status()) : Optional.empty(),
        wrote);
  }

  /// How the attempt stands now; a refusal before anything was written is an attempt too.
  private Optional<Attempt> ended(Task task, SyncResult result, String digest) {
    if (result.phase() instanceof SyncPlan.Refused refused && !refused.lasting()) {
      hindered = task.now();
      return result.attempt();
    }
    Optional<Attempt> own =
        result
            .attempt()
            .filter(attempt -> attempt.isOf(task.target().revision(), digest))
            .or(
                () ->
                    result.isSynced() || result.phase() instanceof SyncPlan.Refused
                        ? Optional.of(current(task, Optional.empty(), digest))
                        : Optional.empty());
    if (own.isEmpty()) {
      return result.attempt();
    }
    Attempt attempt = own.get();
    if (result.phase() instanceof SyncPlan.Refused refused) {
      return Optional.of(attempt.ended(Result.FAILED, task.now(), refused.message()));
    }
    boolean waits = task.repository().spec().sync().waits();
    if (result.isSynced() && (!waits || result.isHealthy())) {
      return Optional.of(
          attempt.result() == Result.SUCCEEDED
              ? attempt
              : attempt.ended(Result.SUCCEEDED, task.now(), ""));
    }
    Instant from = hindered.isAfter(attempt.startedAt()) ? hindered : attempt.startedAt();
    Instant deadline = from.plus(task.repository().spec().timeout());
    return attempt.isOpen() && task.now().isAfter(deadline)
        ? Optional.of(attempt.ended(Result.FAILED, task.now(), timeout(task, result)))
        : own;
  }

  private static String timeout(Task task, SyncResult result) {
    return "not healthy within "
        + task.repository().spec().timeout().toSeconds()
        + " s"
        + result
            .worst()
            .map(each -> ": " + each.wanted().ref().words() + ": " + each.health().message())
            .orElse("");
  }

  /// What is there and ours, and what of before stays.
  private static List<ObjectRef> owned(Task task, Look look) {
    String owner = task.repository().key().toString();
    Set<ObjectRef> refs = new TreeSet<>();
    for (Compared each : look.compared()) {
      each.live()
          .filter(
              live -> Json.annotation(live, GitRepository.OWNER).filter(owner::equals).isPresent())
          .ifPresent(live -> refs.add(each.wanted().ref()));
    }
    refs.addAll(look.left().keySet());
    look.pruning().kept().forEach(refs::remove);
    return List.copyOf(refs);
  }
}
