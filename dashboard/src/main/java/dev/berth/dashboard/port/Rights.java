package dev.berth.dashboard.port;

import dev.berth.api.ResourceType;

/// What somebody may do, by the very rules that judge the API's requests.
public interface Rights {
  /// Whether a verb on a kind is allowed.
  ///
  /// @param namespace the empty text asks about all namespaces, or a kind that has none
  boolean allows(Viewer viewer, String verb, ResourceType type, String namespace);

  /// As a rule on a path that is no resource, such as `get /v2/_catalog`.
  boolean allowsPath(Viewer viewer, String verb, String path);
}
