package dev.berth.controller.auth;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.Gate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Who writes: it gives nobody more than it has, and asks for certificates in its own name only.
public record Caller(Identity identity, Escalation escalation) implements Gate {
  private static final List<String> REQUESTER = List.of("username", "uid", "groups", "extra");

  @Override
  public void pass(ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    escalation.require(identity, type, object, old);
  }

  /// Kubernetes API, CertificateSigningRequestSpec: approvers and signers decide by these fields.
  @Override
  public void sign(ResourceType type, ObjectNode object) {
    if (!type.equals(Kinds.CERTIFICATE_SIGNING_REQUEST)) {
      return;
    }
    ObjectNode spec = Json.ensure(object, "spec");
    spec.remove(REQUESTER);
    spec.put("username", identity.user());
    if (!identity.uid().isEmpty()) {
      spec.put("uid", identity.uid());
    }
    identity.groups().forEach(spec.putArray("groups")::add);
    if (!identity.extra().isEmpty()) {
      ObjectNode extra = spec.putObject("extra");
      identity.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
  }
}
