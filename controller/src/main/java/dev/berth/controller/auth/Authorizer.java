package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.resource.Resources;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Decides whether an identity may do what it asks: masters everything, nodes what their pods need,
/// everybody what roles give. Any thread may ask.
public final class Authorizer {
  private static final Set<String> FOR_ANYBODY =
      Set.of("/livez", "/readyz", "/healthz", "/version");

  private final NodeRules nodes;
  private final Rbac rbac;

  public Authorizer(Resources resources) {
    this.nodes = new NodeRules(resources);
    this.rbac = new Rbac(resources.listWatch());
  }

  /// Returns when the identity may do this.
  ///
  /// @throws ApiException `Unauthorized` for nobody, `Forbidden` for somebody else
  public void require(Identity identity, Attributes wanted) {
    if (!allows(identity, wanted)) {
      throw new ApiException(refusal(identity, wanted));
    }
  }

  /// The decision alone.
  public boolean allows(Identity identity, Attributes wanted) {
    if (identity.isMaster()) {
      return !(wanted instanceof Attributes.Tunnel);
    }
    if (wanted instanceof Attributes.OnPath(_, String path) && isForAnybody(path)) {
      return true;
    }
    return !identity.isAnonymous()
        && (isDiscovery(wanted)
            || identity.node().map(node -> nodes.allow(node, wanted)).orElse(false)
            || rbac.allows(identity, wanted));
  }

  /// What roles allow the identity in the namespace (in the empty one: everywhere). The rights that
  /// are no role's, of masters, come as one rule that says so.
  List<Rule> rules(Identity identity, String namespace) {
    return identity.isMaster() ? Rule.EVERYTHING : rbac.rules(identity, namespace);
  }

  List<Rule> rulesOf(JsonNode roleRef, String namespace) {
    return rbac.rulesOf(roleRef, namespace);
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
        ? new ApiError.Unauthorized("Unauthorized: this server knows clients by their credentials")
        : new ApiError.Forbidden(
            subject(wanted) + "forbidden: User \"" + identity.user() + "\" cannot " + wanted);
  }

  private static String subject(Attributes wanted) {
    return wanted instanceof Attributes.OnResource on
        ? on.qualifiedResource()
            + (on.group().isEmpty() ? "" : "." + on.group())
            + (on.name().isEmpty() ? "" : " \"" + on.name() + "\"")
            + " is "
        : "";
  }
}
