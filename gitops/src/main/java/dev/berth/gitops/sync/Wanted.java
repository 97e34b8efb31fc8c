package dev.berth.gitops.sync;

import dev.berth.api.Digest;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import dev.berth.gitops.render.Item;
import dev.berth.gitops.render.RenderException;
import dev.berth.gitops.render.Renderer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One object as it is to be applied: in its namespace, marked as ours.
///
/// @param place where it was written
/// @param type empty where the kind is not served (yet)
/// @param wave lower ones first
/// @param digest of the object's canonical form
public record Wanted(
    ObjectRef ref,
    Optional<ResourceType> type,
    ObjectNode object,
    String place,
    int wave,
    String digest) {

  /// The objects of a commit in the order of their application.
  ///
  /// @throws RenderException where two files say one object, or a wave is no number
  public static List<Wanted> of(GitRepository repository, List<Item> items, Cluster cluster)
      throws RenderException {
    List<String> problems = new ArrayList<>();
    Map<ObjectRef, Wanted> byRef = new HashMap<>();
    for (Item item : items) {
      Wanted wanted = of(repository, item, cluster, problems);
      Wanted other = byRef.putIfAbsent(wanted.ref(), wanted);
      if (other != null) {
        problems.add(
            wanted.place() + ": " + wanted.ref().words() + " is in " + other.place() + " too");
      }
    }
    if (!problems.isEmpty()) {
      throw new RenderException(Renderer.RENDER_FAILED, problems);
    }
    return byRef.values().stream().sorted(Order.APPLY).toList();
  }

  private static Wanted of(
      GitRepository repository, Item item, Cluster cluster, List<String> problems) {
    ObjectNode object = Json.deepCopy(item.object());
    object.remove("status");
    Optional<ResourceType> type = cluster.kind(GroupVersionKind.of(object));
    place(object, type, repository.namespace());
    Json.ensure(object, "metadata", "labels").put(GitRepository.OWNER, repository.name());
    Json.ensure(object, "metadata", "annotations")
        .put(GitRepository.OWNER, repository.key().toString());
    return new Wanted(
        ObjectRef.of(object),
        type,
        object,
        item.place(),
        wave(object, item.place(), problems),
        Digest.sha256(Json.canonical(object)).hex());
  }

  /// A kind that is not known yet keeps what was written; it is read again once it is.
  private static void place(ObjectNode object, Optional<ResourceType> type, String namespace) {
    if (type.isPresent() && !type.get().namespaced()) {
      Json.meta(object).remove("namespace");
    } else if (type.isPresent() && Json.namespace(object).isEmpty()) {
      Json.meta(object).put("namespace", namespace);
    }
  }

  private static int wave(ObjectNode object, String place, List<String> problems) {
    String text = Json.annotation(object, GitRepository.WAVE).orElse("0");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      problems.add(place + ": annotation " + GitRepository.WAVE + " is no whole number: " + text);
      return 0;
    }
  }

  /// One digest for all, whatever the order of files.
  public static String digest(List<Wanted> all) {
    StringBuilder text = new StringBuilder();
    all.stream().sorted(Order.APPLY).forEach(each -> text.append(each.digest()).append('\n'));
    return Digest.sha256(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toString();
  }
}
