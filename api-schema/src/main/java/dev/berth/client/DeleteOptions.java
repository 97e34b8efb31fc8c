package dev.berth.client;

import dev.berth.api.Json;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// How to delete: grace in seconds, only if the uid is this one, and what happens to owned objects.
public record DeleteOptions(
    OptionalLong gracePeriodSeconds,
    Optional<String> preconditionUid,
    Optional<String> propagationPolicy) {
  public static final DeleteOptions DEFAULT =
      new DeleteOptions(OptionalLong.empty(), Optional.empty(), Optional.empty());

  /// What an agent says when the containers of exactly this pod are gone.
  public static DeleteOptions now(String uid) {
    return new DeleteOptions(OptionalLong.of(0), Optional.of(uid), Optional.empty());
  }

  /// Another object of that name is not deleted: the server answers Conflict.
  public static DeleteOptions only(String uid) {
    return new DeleteOptions(OptionalLong.empty(), Optional.of(uid), Optional.empty());
  }

  public static DeleteOptions propagating(String policy) {
    return new DeleteOptions(OptionalLong.empty(), Optional.empty(), Optional.of(policy));
  }

  ObjectNode toTree() {
    ObjectNode options = Json.object().put("kind", "DeleteOptions").put("apiVersion", "v1");
    gracePeriodSeconds.ifPresent(seconds -> options.put("gracePeriodSeconds", seconds));
    preconditionUid.ifPresent(uid -> options.putObject("preconditions").put("uid", uid));
    propagationPolicy.ifPresent(policy -> options.put("propagationPolicy", policy));
    return options;
  }
}
