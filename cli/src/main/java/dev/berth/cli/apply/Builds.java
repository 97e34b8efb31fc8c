package dev.berth.cli.apply;

import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildSpec;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.api.modelapp.Source;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Creates ImageBuilds. The name is a function of the spec: asking twice is asking once, and a
/// build that failed is made anew, because whoever asks again hopes for another end.
final class Builds {
  private static final int TRIES = 100;

  private final ApiClient client;

  Builds(ApiClient client) {
    this.client = client;
  }

  static ImageBuildSpec spec(Source.Build source, Digest context, String repository) {
    return new ImageBuildSpec(
        context,
        source.containerScript(),
        source.target(),
        source.args(),
        repository,
        Optional.empty());
  }

  void ensure(ObjectKey key, ImageBuildSpec spec, Map<String, String> labels)
      throws InterruptedException {
    Optional<ImageBuild> there = client.find(Kinds.IMAGE_BUILD, key).map(ImageBuild::read);
    if (there.filter(build -> build.status().phase() != Phase.FAILED).isPresent()) {
      return;
    }
    if (there.isPresent()) {
      client.delete(Kinds.IMAGE_BUILD, key, DeleteOptions.DEFAULT);
    }
    create(object(key, spec, labels));
  }

  /// The name may be taken for a moment by the build that is just being deleted.
  private void create(ObjectNode build) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < TRIES; i++) {
      try {
        client.create(Kinds.IMAGE_BUILD, build);
        return;
      } catch (ApiException e) {
        if (!e.isAlreadyExists()) {
          throw e;
        }
      }
      never.await(100, TimeUnit.MILLISECONDS);
    }
    throw Failure.of(
        "the failed ImageBuild " + Json.name(build) + " is still being deleted",
        "berth delete imagebuild " + Json.name(build),
        "then apply again");
  }

  private static ObjectNode object(ObjectKey key, ImageBuildSpec spec, Map<String, String> labels) {
    ObjectNode build =
        Json.object()
            .put("apiVersion", Kinds.IMAGE_BUILD.gvk().apiVersion())
            .put("kind", "ImageBuild");
    ObjectNode metadata =
        build.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
    ObjectNode labelTree = metadata.putObject("labels");
    labels.forEach(labelTree::put);
    build.set("spec", spec.toTree());
    return build;
  }
}
