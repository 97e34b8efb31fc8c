package dev.berth.dashboard.port;

import java.util.List;
import java.util.Map;

/// A user as the API server knows it; `extra` is what a token said besides.
public record Viewer(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  public Viewer {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public Viewer(String user, List<String> groups) {
    this(user, "", groups, Map.of());
  }
}
