package dev.berth.controller.dashboard;

import dev.berth.api.FieldSelector;
import dev.berth.api.ResourceType;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Viewer;

/// The authorizer's own answers.
public final class ViewerRights implements Rights {
  private final Authorizer authorizer;

  public ViewerRights(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public boolean allows(Viewer viewer, String verb, ResourceType type, String namespace) {
    return authorizer.allows(
        Viewers.identity(viewer),
        new Attributes.OnResource(verb, type, namespace, "", "", FieldSelector.EVERYTHING));
  }

  @Override
  public boolean allowsPath(Viewer viewer, String verb, String path) {
    return authorizer.allows(Viewers.identity(viewer), new Attributes.OnPath(verb, path));
  }
}
