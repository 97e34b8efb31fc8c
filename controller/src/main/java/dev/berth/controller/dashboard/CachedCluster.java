package dev.berth.controller.dashboard;

import dev.berth.api.ResourceType;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.dashboard.port.ClusterView;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What the reconcilers' caches hold.
public final class CachedCluster implements ClusterView {
  private final Cluster cluster;
  private final String version;

  public CachedCluster(Cluster cluster, String version) {
    this.cluster = cluster;
    this.version = version;
  }

  @Override
  public long revision() {
    return cluster.resources().revision();
  }

  @Override
  public List<ObjectNode> list(ResourceType type) {
    return cluster.latest(type);
  }

  @Override
  public String version() {
    return version;
  }
}
