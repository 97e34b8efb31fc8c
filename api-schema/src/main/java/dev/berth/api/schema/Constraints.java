package dev.berth.api.schema;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a field of our own kinds allows, beyond its type. `defaultText` and `example` are for
/// documents: defaults are applied where the field is read. `becomes` says what the field turns
/// into.
public record Constraints(
    List<String> values,
    Optional<String> pattern,
    OptionalLong minimum,
    OptionalLong maximum,
    Optional<String> defaultText,
    Optional<String> example,
    Optional<String> becomes) {
  public static final Constraints NONE =
      new Constraints(
          List.of(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Constraints {
    values = List.copyOf(values);
  }
}
