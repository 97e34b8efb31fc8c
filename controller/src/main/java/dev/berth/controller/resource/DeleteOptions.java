package dev.berth.controller.resource;

import java.util.OptionalLong;

/// How an object shall go. Empty preconditions are not checked.
public record DeleteOptions(
    OptionalLong gracePeriodSeconds,
    String preconditionUid,
    String preconditionResourceVersion,
    Propagation propagation,
    boolean dryRun) {
  /// What happens to the objects that name this one as their owner.
  public enum Propagation {
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }

  public static final DeleteOptions DEFAULT =
      new DeleteOptions(OptionalLong.empty(), "", "", Propagation.BACKGROUND, false);

  /// Only this very object, not a later one of the same name.
  public static DeleteOptions ofUid(String uid) {
    return new DeleteOptions(OptionalLong.empty(), uid, "", Propagation.BACKGROUND, false);
  }

  public DeleteOptions withGrace(long seconds) {
    return new DeleteOptions(
        OptionalLong.of(seconds),
        preconditionUid,
        preconditionResourceVersion,
        propagation,
        dryRun);
  }
}
