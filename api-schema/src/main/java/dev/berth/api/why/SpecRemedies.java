package dev.berth.api.why;

/// What to do about a ModelApp whose spec is not accepted.
final class SpecRemedies {
  private SpecRemedies() {}

  static Remedy of(String reason) {
    return switch (reason) {
      case "HostConflict" ->
          Remedy.of("set another spec.ingress.host or spec.ingress.path", "berth get modelapps -A");
      case "NameTaken" ->
          Remedy.of(
              "rename the ModelApp or set another spec.endpoint.name, or delete what has the name");
      case "ContextMissing" ->
          Remedy.of("run berth apply -f on the manifest: it sends the context");
      case "SecretNotFound" ->
          Remedy.of(
              "berth apply -f a manifest of that Secret, or correct the reference to it",
              "berth get secrets");
      case "ConfigMapNotFound" ->
          Remedy.of(
              "berth apply -f a manifest of that ConfigMap, or correct the reference to it",
              "berth get configmaps");
      case "SecretKeyNotFound" ->
          Remedy.of(
              "add the key to the Secret, or correct the reference to it", "berth get secrets");
      case "ConfigMapKeyNotFound" ->
          Remedy.of(
              "add the key to the ConfigMap, or correct the reference to it",
              "berth get configmaps");
      case "UsesNotFound" ->
          Remedy.of("apply what it refers to, or correct the reference", "berth get modelapps");
      default -> Remedy.of("correct what the message names and run berth apply -f again");
    };
  }
}
