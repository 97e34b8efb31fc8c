package dev.berth.gitops.render;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// An object while a kustomization is built; its tree is changed in place.
///
/// @param hashes whether a hash of its content ends its name
record Built(ObjectNode object, String place, boolean hashes) {

  String name() {
    return Json.name(object);
  }

  String kind() {
    return Json.text(object, "kind");
  }

  String hashed() {
    return hashes
        ? name() + "-" + Digest.sha256(Json.canonical(object)).hex().substring(0, 10)
        : name();
  }
}
