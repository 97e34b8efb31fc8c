package dev.berth.controller.resource;

/// Which part of an object a write may change.
public enum Subresource {
  /// Everything but the status.
  NONE,
  /// Only the status.
  STATUS,
  /// Only the finalizers of a namespace.
  FINALIZE,
  /// Only whether a certificate request is approved or denied.
  APPROVAL,
  /// The node of a pod and its PodScheduled condition.
  BINDING
}
