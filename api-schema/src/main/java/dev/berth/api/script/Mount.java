package dev.berth.api.script;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a RUN sees besides the image. Texts may hold variables that the builder fills in.
public sealed interface Mount {
  String target();

  enum Sharing {
    SHARED,
    PRIVATE,
    LOCKED
  }

  /// Kept from build to build under `id`, by default the target; never part of the image.
  record Cache(
      String target,
      String id,
      Sharing sharing,
      boolean readOnly,
      Optional<String> from,
      String source,
      int mode,
      int uid,
      int gid)
      implements Mount {}

  /// Files of the context, a stage or an image. What is written there is thrown away.
  record Bind(String target, String source, Optional<String> from, boolean writable)
      implements Mount {}

  /// Memory that is gone after the step.
  ///
  /// @param size in bytes
  record Tmpfs(String target, OptionalLong size) implements Mount {}

  /// A secret in a file (`target`), in a variable (`env`), or in both. One that is not required and
  /// not given is not there.
  record Secret(
      String id,
      String target,
      Optional<String> env,
      boolean required,
      OptionalInt mode,
      int uid,
      int gid)
      implements Mount {}
}
