package dev.berth.controller.resource;

import dev.berth.api.apply.Manager;
import dev.berth.controller.admission.FieldValidation;
import java.util.List;
import java.util.Optional;

/// How a write wants to be treated. `manager` owns the fields that it writes; without one nobody
/// comes to own anything. `duplicates` are the paths of fields that came twice in what was sent.
public record WriteOptions(
    boolean dryRun,
    FieldValidation fieldValidation,
    List<String> duplicates,
    Optional<Manager> manager,
    Gate gate) {
  /// What reconcilers use: they write what they mean.
  public static final WriteOptions DEFAULT =
      new WriteOptions(false, FieldValidation.WARN, List.of(), Optional.empty(), Gate.OPEN);

  public WriteOptions {
    duplicates = List.copyOf(duplicates);
  }

  public WriteOptions withDuplicates(List<String> paths) {
    return new WriteOptions(dryRun, fieldValidation, paths, manager, gate);
  }
}
