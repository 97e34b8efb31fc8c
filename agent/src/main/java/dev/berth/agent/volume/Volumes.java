package dev.berth.agent.volume;

import dev.berth.agent.container.Bind;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// The volumes of one pod. Used by its worker's thread alone.
///
/// `ensure` may be called as often as one likes: it makes what is missing, writes what has changed,
/// and follows what the volumes refer to.
public final class Volumes implements AutoCloseable {
  private static final String DIR = ".volumes";
  private static final int OURS = 0700;
  private static final int SHARED = 0777;
  private static final int SHARED_BY_GROUP = 02777;

  private final Syscalls sys;
  private final Path dir;
  private final References references;
  private final InstantSource clock;
  private final Runnable changed;
  private final Map<String, References.Following> following = new HashMap<>();
  private final Asked asked;
  private final Tokens tokens;

  /// @param podDir the pod's own directory
  /// @param changed called on any thread when `ensure` has something to do
  public Volumes(
      Syscalls sys, Path podDir, References references, InstantSource clock, Runnable changed) {
    this.sys = sys;
    this.dir = podDir.resolve(DIR);
    this.references = references;
    this.clock = clock;
    this.changed = changed;
    this.asked = new Asked(references);
    this.tokens = new Tokens(references, clock);
  }

  /// Asks ahead of time for what `ensure` will need of the API, and does not wait for it.
  public void foresee(JsonNode pod) {
    tokens.foresee(pod);
    follow(pod);
  }

  /// Makes and refreshes all of them: one that cannot be made holds up no other. Throws what came
  /// of the first such, a [MissingReferenceException] among others; what is referred to is then
  /// followed all the same, so that `changed` tells when to try again.
  public void ensure(DownwardApi pod) {
    JsonNode spec = pod.pod().path("spec");
    follow(pod.pod());
    OptionalInt group = group(spec);
    List<RuntimeException> failures = new ArrayList<>();
    for (JsonNode volume : spec.path("volumes")) {
      try {
        ensure(volume, pod, group);
      } catch (MissingReferenceException | UncheckedIOException | ErrnoException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void ensure(JsonNode volume, DownwardApi pod, OptionalInt group) {
    if (Projection.isPayload(volume)) {
      payload(volume, pod, group);
    } else {
      scratch(volume, group);
    }
  }

  private static OptionalInt group(JsonNode spec) {
    JsonNode group = spec.path("securityContext").path("fsGroup");
    return group.isNumber() ? OptionalInt.of(group.asInt()) : OptionalInt.empty();
  }

  private void payload(JsonNode volume, DownwardApi pod, OptionalInt group) {
    String namespace = Json.namespace(pod.pod());
    Projection projection =
        new Projection(
            pod,
            (kind, name) -> asked.find(kind, namespace, name),
            wish -> tokens.of(pod.pod(), wish));
    Content content = projection.of(volume);
    Path place = dir.resolve(Json.text(volume, "name"));
    if (memory(volume)) {
      mounted(place, "mode=" + Integer.toOctalString(SHARED));
    } else {
      directory(place);
    }
    new PayloadDir(sys, place, group)
        .write(group.isPresent() ? content.forGroup() : content, clock.instant());
  }

  /// What may hold a secret never reaches the disk.
  private static boolean memory(JsonNode volume) {
    return volume.has("secret") || volume.has("projected");
  }

  private void scratch(JsonNode volume, OptionalInt group) {
    if (!volume.has("emptyDir")) {
      throw new MissingReferenceException(
          "volume " + Json.text(volume, "name") + " is of a kind that Berth does not have");
    }
    Path place = dir.resolve(Json.text(volume, "name"));
    if (Json.text(volume, "emptyDir", "medium").equals("Memory")) {
      String options =
          group.isPresent()
              ? "mode=" + Integer.toOctalString(SHARED_BY_GROUP) + ",gid=" + group.getAsInt()
              : "mode=" + Integer.toOctalString(SHARED);
      mounted(place, options + size(volume));
    } else if (!Files.isDirectory(place)) {
      make(place, group);
    }
  }

  /// Appears with its permissions, also when we are killed meanwhile: those of one that is used are
  /// its users'.
  private void make(Path place, OptionalInt group) {
    Path fresh = place.resolveSibling("." + place.getFileName() + ".new");
    directory(fresh);
    group.ifPresent(gid -> sys.fchownat(Linux.AT_FDCWD, fresh.toString(), 0, gid));
    sys.fchmodat(Linux.AT_FDCWD, fresh.toString(), group.isPresent() ? SHARED_BY_GROUP : SHARED);
    sys.renameat(Linux.AT_FDCWD, fresh.toString(), Linux.AT_FDCWD, place.toString());
  }

  private void directory(Path place) {
    try {
      Files.createDirectories(place);
      sys.fchmodat(Linux.AT_FDCWD, dir.toString(), OURS); // users of the host see none of it
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the volume " + place, e);
    }
  }

  /// A directory in memory; one that is mounted already stays as its users have made it.
  private void mounted(Path place, String options) {
    directory(place);
    if (!VolumeLeftovers.mounts(dir).contains(place.toString())) {
      long flags = Linux.MS_NOSUID | Linux.MS_NODEV;
      sys.mount(VolumeLeftovers.SOURCE, place.toString(), "tmpfs", flags, options);
    }
  }

  /// Without a limit of its own the kernel's bound holds, half of the memory.
  private static String size(JsonNode volume) {
    return Quantity.tryParse(Json.text(volume, "emptyDir", "sizeLimit"))
        .filter(q -> q.value() > 0)
        .map(q -> ",size=" + q.value())
        .orElse("");
  }

  // ---- what changes

  private void follow(JsonNode pod) {
    String namespace = Json.namespace(pod);
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      follow(namespace, volume);
      volume.path("projected").path("sources").forEach(source -> follow(namespace, source));
    }
  }

  private void follow(String namespace, JsonNode source) {
    if (source.has("configMap")) {
      follow("ConfigMap", namespace, Projection.name(source.path("configMap")));
    }
    if (source.has("secret")) {
      follow("Secret", namespace, Projection.name(source.path("secret")));
    }
  }

  private void follow(String kind, String namespace, String name) {
    following.computeIfAbsent(
        kind + "/" + name, _ -> references.follow(kind, namespace, name, changed));
  }

  /// When `ensure` has to renew a token.
  public Optional<Instant> due() {
    return tokens.due();
  }

  // ---- for containers

  /// A container's mounts; their volumes have been ensured.
  public List<Bind> binds(JsonNode pod, JsonNode container, UnaryOperator<String> expand) {
    return new VolumeMounts(sys, dir, pod).of(container, expand);
  }

  /// The directories on disk in which containers write.
  public List<Path> written(JsonNode pod) {
    return pod.path("spec")
        .path("volumes")
        .valueStream()
        .filter(v -> v.has("emptyDir") && !Json.text(v, "emptyDir", "medium").equals("Memory"))
        .map(v -> dir.resolve(Json.text(v, "name")))
        .toList();
  }

  /// The volumes on disk that have a limit, and what it is, in bytes.
  public List<Limited> limited(JsonNode pod) {
    List<Limited> all = new ArrayList<>();
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (!Json.text(volume, "emptyDir", "medium").equals("Memory")) {
        Quantity.tryParse(Json.text(volume, "emptyDir", "sizeLimit"))
            .map(Quantity::value)
            .filter(limit -> limit > 0)
            .ifPresent(
                limit -> {
                  String name = Json.text(volume, "name");
                  all.add(new Limited(name, dir.resolve(name), limit));
                });
      }
    }
    return all;
  }

  /// A volume that must not grow beyond `bytes`.
  public record Limited(String name, Path dir, long bytes) {}

  /// Ends the following; what is on the disk and in memory stays for the containers.
  @Override
  public void close() {
    following.values().forEach(References.Following::close);
    following.clear();
    asked.forget();
  }

  /// Leaves nothing of the volumes.
  public void remove() {
    close();
    VolumeLeftovers.unmount(sys, dir);
    FileTree.delete(dir);
  }
}
