package dev.berth.api;

import tools.jackson.databind.JsonNode;

/// Group, version and kind of an object; the core group is the empty string.
public record GroupVersionKind(String group, String version, String kind) {

  public static GroupVersionKind parse(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersionKind("", apiVersion, kind)
        : new GroupVersionKind(
            apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
  }

  /// What the object says it is; empty strings where it says nothing.
  public static GroupVersionKind of(JsonNode object) {
    return parse(Json.text(object, "apiVersion"), Json.text(object, "kind"));
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return apiVersion() + " " + kind;
  }
}
