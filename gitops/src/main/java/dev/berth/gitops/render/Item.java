package dev.berth.gitops.render;

import tools.jackson.databind.node.ObjectNode;

/// One object as a file says it.
///
/// @param place where it was written, `FILE:LINE`; for what was made, the file that asked for it
public record Item(ObjectNode object, String place) {

  /// The folder of the file, from the repository's root.
  public String folder() {
    int colon = place.lastIndexOf(':');
    String file = colon < 0 ? place : place.substring(0, colon);
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : file.substring(0, slash);
  }
}
