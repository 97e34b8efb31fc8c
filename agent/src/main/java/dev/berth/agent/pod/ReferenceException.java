package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;

/// A pod refers to something that is not there.
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
