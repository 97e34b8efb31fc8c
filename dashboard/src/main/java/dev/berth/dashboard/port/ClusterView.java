package dev.berth.dashboard.port;

import dev.berth.api.ResourceType;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is stored. It knows nothing of rights: who asks it filters what it gets.
public interface ClusterView {
  /// Grows with every write of any kind; the same number means the same objects.
  long revision();

  /// All objects of a kind in the order of namespace and name; empty for a kind that is not served.
  /// Cheap enough to be called for each kind once a second: from a cache. The trees are shared.
  List<ObjectNode> list(ResourceType type);

  /// The server's own version.
  String version();
}
