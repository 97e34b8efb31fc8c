package dev.berth.controller.auth;

import dev.berth.api.FieldSelector;
import dev.berth.api.ResourceType;

/// What a request wants to do, in the words of Kubernetes' authorization.
public sealed interface Attributes {
  /// A verb on objects; `name` is empty for collections, `subresource` for the object itself.
  record OnResource(
      String verb,
      ResourceType type,
      String namespace,
      String name,
      String subresource,
      FieldSelector fields)
      implements Attributes {
    @Override
    public String toString() {
      String resource = subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
      String where =
          namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + "\"";
      return verb
          + " resource \""
          + resource
          + "\" in API group \""
          + type.gvk().group()
          + "\""
          + where;
    }
  }

  /// A path that is no resource: discovery, health, metrics, the image registry.
  record OnPath(String verb, String path) implements Attributes {
    @Override
    public String toString() {
      return verb + " path \"" + path + "\"";
    }
  }

  /// The tunnel that an agent opens for its node.
  record Tunnel(String node) implements Attributes {
    @Override
    public String toString() {
      return "open the tunnel of node \"" + node + "\"";
    }
  }
}
