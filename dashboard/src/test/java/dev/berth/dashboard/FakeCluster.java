package dev.berth.dashboard;

import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.port.ClusterView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/// Objects in lists, instead of a store. Counts how often it is read.
public final class FakeCluster implements ClusterView {
  public final AtomicInteger reads = new AtomicInteger();
  private final Map<ResourceType, List<ObjectNode>> objects = new HashMap<>();
  private long revision = 1;

  public FakeCluster() {
    namespace("shop");
  }

  public FakeCluster namespace(String name) {
    return add(Kinds.NAMESPACE, Things.named("Namespace", "", name));
  }

  public FakeCluster add(ResourceType type, ObjectNode object) {
    objects.computeIfAbsent(type, _ -> new ArrayList<>()).add(object);
    revision++;
    return this;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public List<ObjectNode> list(ResourceType type) {
    reads.incrementAndGet();
    return List.copyOf(objects.getOrDefault(type, List.of()));
  }

  @Override
  public String version() {
    return "0.1.0";
  }
}
