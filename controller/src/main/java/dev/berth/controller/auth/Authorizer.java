package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.resource.Resources;
import java.util.Set;

/// Decides whether an identity may do what it asks.
public final class Authorizer {
  private static final Set<String> FOR_ANYBODY =
      Set.of("/livez", "/readyz", "/healthz", "/version");

  private final NodeRules nodes;

  public Authorizer(Resources resources) {
    this.nodes = new NodeRules(resources);
  }

  /// Returns when the identity may do this.
  ///
  /// @throws ApiException `Unauthorized` for nobody, `Forbidden` for somebody else
  public void require(Identity identity, Attributes wanted) {
    if (!allows(identity, wanted)) {
      throw new ApiException(refusal(identity, wanted));
    }
  }

  private boolean allows(Identity identity, Attributes wanted) {
    if (identity.isMaster()) {
      return !(wanted instanceof Attributes.Tunnel);
    }
    if (wanted instanceof Attributes.OnPath(_, String path) && isForAnybody(path)) {
      return true;
    }
    return !identity.isAnonymous()
        && (isDiscovery(wanted)
            || identity.node().map(node -> nodes.allow(node, wanted)).orElse(false));
  }

  private static boolean isForAnybody(String path) {
    return FOR_ANYBODY.contains(path) || path.startsWith("/livez/") || path.startsWith("/readyz/");
  }

  private static boolean isDiscovery(Attributes wanted) {
    return wanted instanceof Attributes.OnPath(_, String path)
        && (path.equals("/api")
            || path.equals("/apis")
            || path.startsWith("/api/")
            || path.startsWith("/apis/")
            || path.startsWith("/openapi/"));
  }

  private static ApiError refusal(Identity identity, Attributes wanted) {
    return identity.isAnonymous()
        ? new ApiError.Unauthorized("Unauthorized: this server knows clients by their certificate")
        : new ApiError.Forbidden("forbidden: User \"" + identity.user() + "\" cannot " + wanted);
  }
}
