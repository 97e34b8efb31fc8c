package dev.berth.controller.auth;

import dev.berth.api.FieldSelector;
import dev.berth.api.ResourceType;

/// What a request wants to do, in the words of Kubernetes' authorization.
public sealed interface Attributes {
  /// A verb on objects; `name` is empty for collections, `subresource` for the object itself. The
  /// resource need not be one that is served: an access review may ask about any.
  record OnResource(
      String verb,
      String group,
      String resource,
      String namespace,
      String name,
      String subresource,
      FieldSelector fields)
      implements Attributes {

    public OnResource(
        String verb,
        ResourceType type,
        String namespace,
        String name,
        String subresource,
        FieldSelector fields) {
      this(verb, type.gvk().group(), type.plural(), namespace, name, subresource, fields);
    }

    boolean isOn(ResourceType type) {
      return resource.equals(type.plural()) && group.equals(type.gvk().group());
    }

    /// `pods`, `pods/log`: what rules name.
    String qualifiedResource() {
      return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    @Override
    public String toString() {
      String where =
          namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + "\"";
      return verb
          + " resource \""
          + qualifiedResource()
          + "\" in API group \""
          + group
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
