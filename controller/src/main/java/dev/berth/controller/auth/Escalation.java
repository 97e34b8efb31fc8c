package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Nobody gives, by a role or a binding, more than it has: unless it may `escalate` that role, or
/// `bind` to it. Kubernetes: "Privilege escalation prevention and bootstrapping" of RBAC.
public final class Escalation {
  private static final int SHOWN = 20;
  private static final Set<ResourceType> ROLES = Set.of(Kinds.ROLE, Kinds.CLUSTER_ROLE);
  private static final Set<ResourceType> BINDINGS =
      Set.of(Kinds.ROLE_BINDING, Kinds.CLUSTER_ROLE_BINDING);

  private final Authorizer authorizer;

  public Escalation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /// Returns when the identity may store `object` in place of `old`.
  ///
  /// @throws ApiException `Forbidden`, naming the rights that it has not itself
  public void require(
      Identity identity, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    if (ROLES.contains(type)) {
      requireRole(identity, type, object, old);
    } else if (BINDINGS.contains(type)) {
      requireBinding(identity, type, object, old);
    }
  }

  private void requireRole(
      Identity identity, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    boolean same =
        old != null
            && old.path("rules").equals(object.path("rules"))
            && old.path("aggregationRule").equals(object.path("aggregationRule"));
    if (same || may(identity, "escalate", type, Json.namespace(object), Json.name(object))) {
      return;
    }
    List<Rule> wanted =
        Json.isEmpty(object.get("aggregationRule"))
            ? Rule.listOf(object.path("rules"))
            : Rule.EVERYTHING;
    requireHeld(identity, type, object, wanted);
  }

  private void requireBinding(
      Identity identity, ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    boolean same =
        old != null
            && old.path("roleRef").equals(object.path("roleRef"))
            && old.path("subjects").equals(object.path("subjects"));
    JsonNode ref = object.path("roleRef");
    boolean cluster = Json.text(ref, "kind").equals(Kinds.CLUSTER_ROLE.kind());
    ResourceType role = cluster ? Kinds.CLUSTER_ROLE : Kinds.ROLE;
    if (same || may(identity, "bind", role, Json.namespace(object), Json.text(ref, "name"))) {
      return;
    }
    requireHeld(identity, type, object, authorizer.rulesOf(ref, Json.namespace(object)));
  }

  private boolean may(
      Identity identity, String verb, ResourceType type, String namespace, String name) {
    return authorizer.allows(
        identity,
        new Attributes.OnResource(verb, type, namespace, name, "", FieldSelector.EVERYTHING));
  }

  private void requireHeld(
      Identity identity, ResourceType type, ObjectNode object, List<Rule> wanted) {
    List<Rule> beyond = Rule.beyond(authorizer.rules(identity, Json.namespace(object)), wanted);
    if (beyond.isEmpty()) {
      return;
    }
    String missing =
        beyond.stream().limit(SHOWN).map(Rule::toString).collect(Collectors.joining("\n"));
    throw new ApiException(
        new ApiError.Forbidden(
            type.qualifiedName()
                + " \""
                + Json.name(object)
                + "\" is forbidden: user \""
                + identity.user()
                + "\" (groups="
                + identity.groups()
                + ") is attempting to grant RBAC permissions not currently held:\n"
                + missing
                + (beyond.size() > SHOWN ? "\nand " + (beyond.size() - SHOWN) + " more" : "")));
  }
}
