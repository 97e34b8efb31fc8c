package dev.berth.gitops.sync;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import dev.berth.gitops.sync.Difference.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Compares wanted objects with the cluster by server-side dry run. An object that is as it was
/// when a dry run last said that nothing would change is not asked about again: a look at a
/// repository at rest costs a read and a hash per object. One per repository, one thread at a time.
public final class Comparison {
  private static final ResourceType REPOSITORY = dev.berth.api.Kinds.GIT_REPOSITORY;

  private final Cluster cluster;

  /// By object: digests of what was wanted and of what was there when nothing differed.
  private final Map<ObjectRef, String> same = new HashMap<>();

  /// What was written and is not in the cluster's cache yet.
  private final Map<ObjectRef, ObjectNode> written = new HashMap<>();

  public Comparison(Cluster cluster) {
    this.cluster = cluster;
  }

  public List<Compared> compare(List<Wanted> all, Actor actor) {
    Set<ObjectRef> refs = new HashSet<>();
    all.forEach(wanted -> refs.add(wanted.ref()));
    same.keySet().retainAll(refs);
    written.keySet().retainAll(refs);
    Set<String> made = made(all);
    List<Compared> compared = new ArrayList<>();
    for (Wanted wanted : all) {
      compared.add(compare(wanted, made, actor));
    }
    return compared;
  }

  /// Remembers the answer of a write until the cache has it or something newer.
  void written(ObjectRef ref, ObjectNode object) {
    written.put(ref, object);
  }

  private Optional<ObjectNode> newest(ObjectRef ref, Optional<ObjectNode> cached) {
    ObjectNode own = written.get(ref);
    if (own == null) {
      return cached;
    }
    if (cached.isPresent() && revision(cached.get()) >= revision(own)) {
      written.remove(ref);
      return cached;
    }
    // Absent: not there yet, or deleted since. The first is over within a moment, so it counts
    // once.
    if (cached.isEmpty()) {
      written.remove(ref);
    }
    return Optional.of(own);
  }

  private static long revision(ObjectNode object) {
    String text = Json.resourceVersion(object);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  /// Namespaces and kinds (`Widget.example.com`) that this set itself brings.
  private static Set<String> made(List<Wanted> all) {
    Set<String> made = new HashSet<>();
    for (Wanted wanted : all) {
      if (wanted.ref().kind().equals("Namespace")) {
        made.add(wanted.ref().name());
      } else if (wanted.ref().kind().equals("CustomResourceDefinition")) {
        made.add(
            Json.text(wanted.object(), "spec", "names", "kind")
                + "."
                + Json.text(wanted.object(), "spec", "group"));
      }
    }
    return made;
  }

  private Compared compare(Wanted wanted, Set<String> made, Actor actor) {
    if (wanted.type().isEmpty()) {
      return new Compared(wanted, Optional.empty(), unknownKind(wanted, made));
    }
    ResourceType type = wanted.type().get();
    Optional<ObjectNode> live = newest(wanted.ref(), cluster.get(type, wanted.ref().key()));
    Optional<Compared.State> claimed = live.flatMap(found -> claimed(wanted, found, actor));
    return new Compared(
        wanted, live, claimed.orElseGet(() -> tried(wanted, type, live, made, actor)));
  }

  private static Compared.State unknownKind(Wanted wanted, Set<String> made) {
    ObjectRef ref = wanted.ref();
    return made.contains(ref.kind() + "." + ref.group())
        ? new Compared.Awaits("the definition of " + ref.kind())
        : new Compared.Refused(
            "Invalid",
            wanted.place()
                + ": there is no kind "
                + ref.kind()
                + " in "
                + Json.text(wanted.object(), "apiVersion")
                + "; apply its definition first",
            true);
  }

  private Compared.State tried(
      Wanted wanted, ResourceType type, Optional<ObjectNode> live, Set<String> made, Actor actor) {
    String memory = live.map(found -> memory(wanted, found)).orElse("");
    if (live.isPresent() && memory.equals(same.get(wanted.ref()))) {
      return new Compared.Same();
    }
    try {
      ObjectNode after = cluster.apply(type, wanted.object(), true, actor);
      if (live.isEmpty()) {
        return new Compared.Absent();
      }
      List<Change> changes = Difference.between(live.get(), after);
      if (changes.isEmpty()) {
        same.put(wanted.ref(), memory);
        return new Compared.Same();
      }
      return new Compared.Differs(changes);
    } catch (ApiException e) {
      return awaitsNamespace(wanted, e, made)
          ? new Compared.Awaits("Namespace " + wanted.ref().namespace())
          : refused(wanted, e);
    }
  }

  private boolean awaitsNamespace(Wanted wanted, ApiException e, Set<String> made) {
    String namespace = wanted.ref().namespace();
    return e.isNotFound()
        && made.contains(namespace)
        && cluster.get(dev.berth.api.Kinds.NAMESPACE, ObjectKey.clusterScoped(namespace)).isEmpty();
  }

  static Compared.Refused refused(Wanted wanted, ApiException e) {
    String reason =
        switch (e.error().code()) {
          case 400, 422 -> "Invalid";
          case 403 -> "Forbidden";
          default -> "ApplyFailed";
        };
    return new Compared.Refused(
        reason,
        wanted.place() + ": " + wanted.ref().words() + ": " + message(wanted, e),
        isLasting(e));
  }

  /// A conflict, a server that is busy or broken: a moment later the same may be taken.
  static boolean isLasting(ApiException e) {
    int code = e.error().code();
    return code != 409 && code != 429 && code < 500;
  }

  /// Whoever reads repositories need not be allowed to read Secrets: of those only the fields that
  /// are wrong are told, for the API's own words show what stands in them.
  private static String message(Wanted wanted, ApiException e) {
    boolean shows =
        e.error() instanceof ApiError.Invalid || e.error() instanceof ApiError.BadRequest;
    if (!wanted.ref().kind().equals("Secret") || !shows) {
      return String.valueOf(e.getMessage());
    }
    String fields =
        e.error() instanceof ApiError.Invalid invalid
            ? String.join(
                ", ",
                invalid.causes().stream()
                    .map(cause -> cause.field() + " (" + cause.reason() + ")")
                    .toList())
            : "";
    return (fields.isEmpty() ? "it is refused" : "refused are " + fields)
        + "; values are not shown: data is base64, stringData is text in quotes, and kubectl apply"
        + " --dry-run=server tells more";
  }

  private static String memory(Wanted wanted, ObjectNode live) {
    return wanted.digest()
        + Json.uid(live)
        + Digest.sha256(Json.canonical(Difference.content(live))).hex();
  }

  /// An object that another repository applied and that still exists is its, and stays so.
  private Optional<Compared.State> claimed(Wanted wanted, ObjectNode live, Actor actor) {
    Optional<String> owner = Json.annotation(live, GitRepository.OWNER);
    String own = actor.repository().toString();
    if (owner.isEmpty() || owner.get().equals(own) || !exists(owner.get())) {
      return Optional.empty();
    }
    return Optional.of(
        new Compared.Refused(
            "Claimed",
            wanted.place()
                + ": "
                + wanted.ref().words()
                + " is claimed by two repositories, "
                + owner.get()
                + " and "
                + own
                + ": remove it from one of them",
            true));
  }

  private boolean exists(String repository) {
    int slash = repository.indexOf('/');
    return slash > 0
        && cluster
            .get(
                REPOSITORY,
                new ObjectKey(repository.substring(0, slash), repository.substring(slash + 1)))
            .isPresent();
  }
}
