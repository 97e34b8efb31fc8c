package dev.berth.controller.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Cidr;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A stolen agent certificate changes nothing that is not its node's.
class NodeRulesTest {
  private final Random random = new Random(1);
  private final Resources resources =
      new Resources(
          new InMemoryStore(100),
          () -> Instant.EPOCH,
          () -> new UUID(random.nextLong(), random.nextLong()).toString(),
          random,
          Cidr.parse("10.96.0.0/16"));
  private final NodeRules rules = new NodeRules(resources);

  private void build(String name, String node) {
    ObjectNode build =
        Json.parseObject("{\"apiVersion\":\"berth.dev/v1alpha1\",\"kind\":\"ImageBuild\"}");
    Json.meta(build).put("name", name);
    Json.ensure(build, "spec")
        .put("contextDigest", "sha256:" + "0".repeat(64))
        .put("repository", "default/" + name)
        .put("nodeName", node);
    resources.create(Kinds.IMAGE_BUILD, "default", build, WriteOptions.DEFAULT);
  }

  private boolean may(String verb, String path) {
    return rules.allow("alpha", new Attributes.OnPath(verb, path));
  }

  private boolean mayCreate(ResourceType type, String namespace, String name) {
    return rules.allow(
        "alpha",
        new Attributes.OnResource("create", type, namespace, name, "", FieldSelector.EVERYTHING));
  }

  @Test
  void anAgentPushesOnlyWhatItBuildsAndDeletesNothing() {
    SystemNamespaces.ensure(resources);
    build("mine", "alpha");
    build("other", "beta");
    assertTrue(may("get", "/v2/default/other/manifests/v1"));
    assertTrue(may("head", "/v2/docker.io/library/python/blobs/sha256:00"));
    assertTrue(may("post", "/v2/default/mine/blobs/uploads/"));
    assertTrue(may("put", "/v2/default/mine/manifests/v1"));
    assertFalse(may("post", "/v2/default/other/blobs/uploads/"));
    assertFalse(may("put", "/v2/default/mine/blobs/uploads/x/manifests/v1"));
    assertFalse(may("put", "/v2/docker.io/library/python/manifests/3"));
    assertFalse(may("delete", "/v2/default/mine/manifests/v1"));
  }

  @Test
  void anAgentCreatesOnlyItsOwnNodeAndLease() {
    assertTrue(mayCreate(Kinds.NODE, "", "alpha"));
    assertTrue(mayCreate(Kinds.LEASE, "kube-node-lease", "alpha"));
    assertFalse(mayCreate(Kinds.NODE, "", "beta"));
    assertFalse(mayCreate(Kinds.NODE, "", "alp*"));
    assertFalse(mayCreate(Kinds.LEASE, "kube-node-lease", "beta"));
    assertFalse(mayCreate(Kinds.LEASE, "default", "alpha"));
  }
}
