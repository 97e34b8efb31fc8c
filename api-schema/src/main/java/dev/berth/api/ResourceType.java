package dev.berth.api;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A kind and how it appears in paths, discovery and a user's words. A kind that is not `stored` is
/// a question: it is created, answered, and gone.
public record ResourceType(
    GroupVersionKind gvk,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    Set<String> subresources,
    boolean stored) {

  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    subresources = Set.copyOf(subresources);
  }

  public ResourceType(
      GroupVersionKind gvk,
      String plural,
      String singular,
      boolean namespaced,
      List<String> shortNames,
      List<String> categories,
      Set<String> subresources) {
    this(gvk, plural, singular, namespaced, shortNames, categories, subresources, true);
  }

  public String kind() {
    return gvk.kind();
  }

  public String groupVersionPath() {
    return gvk.group().isEmpty()
        ? "/api/" + gvk.version()
        : "/apis/" + gvk.group() + "/" + gvk.version();
  }

  /// The collection in a namespace; with `null` or an empty namespace, of the whole cluster.
  public String collectionPath(@Nullable String namespace) {
    return !namespaced || namespace == null || namespace.isEmpty()
        ? groupVersionPath() + "/" + plural
        : groupVersionPath() + "/namespaces/" + namespace + "/" + plural;
  }

  public String objectPath(@Nullable String namespace, String name) {
    return collectionPath(namespace) + "/" + name;
  }

  public String objectPath(ObjectKey key) {
    return objectPath(key.namespace(), key.name());
  }

  /// `pods`, `deployments.apps`: the name that error messages and the store use.
  public String qualifiedName() {
    return gvk.group().isEmpty() ? plural : plural + "." + gvk.group();
  }
}
