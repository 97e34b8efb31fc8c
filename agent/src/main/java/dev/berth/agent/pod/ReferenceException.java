package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;

/// A pod asks for what cannot be: something that is not there, or that its image does not allow.
final class ReferenceException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Diagnosis diagnosis;

  ReferenceException(Diagnosis diagnosis) {
    super(diagnosis.message());
    this.diagnosis = diagnosis;
  }

  Diagnosis diagnosis() {
    return diagnosis;
  }
}
