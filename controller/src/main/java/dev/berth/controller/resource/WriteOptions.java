package dev.berth.controller.resource;

import dev.berth.controller.admission.FieldValidation;

/// How a write wants to be treated.
public record WriteOptions(boolean dryRun, FieldValidation fieldValidation) {
  /// What reconcilers use: they write what they mean.
  public static final WriteOptions DEFAULT = new WriteOptions(false, FieldValidation.WARN);
}
