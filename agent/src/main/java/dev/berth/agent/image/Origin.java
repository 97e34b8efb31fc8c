package dev.berth.agent.image;

import dev.berth.api.ImageRef;
import java.util.ArrayList;
import java.util.List;

/// One place to ask for an image. Names without a host mean, in this order, the cluster's own
/// repository, the mirror of Docker Hub in the cluster's registry, and Docker Hub; a name with a
/// host means that registry, and `docker.io` asks the mirror first.
public sealed interface Origin {
  String HUB = "docker.io";

  String repository();

  record Cluster(String repository) implements Origin {
    @Override
    public String toString() {
      return "this cluster's " + repository;
    }
  }

  record Remote(String host, String repository) implements Origin {
    @Override
    public String toString() {
      return host + "/" + repository;
    }
  }

  static List<Origin> of(ImageRef ref, String namespace) {
    String name = ref.repository();
    List<Origin> origins = new ArrayList<>();
    if (ref.host().isEmpty()) {
      origins.add(new Cluster(name.contains("/") ? name : namespace + "/" + name));
    }
    String host = ref.host().orElse(HUB);
    if (host.equals(HUB)) {
      String official = name.contains("/") ? name : "library/" + name;
      origins.add(new Cluster(HUB + "/" + official));
      origins.add(new Remote(HUB, official));
    } else {
      origins.add(new Remote(host, name));
    }
    return origins;
  }
}
