package dev.berth.api.why;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What to do about a ModelApp whose spec is not accepted.
final class SpecRemedies {
  private static final Pattern TAKEN =
      Pattern.compile("there is (?:a )?(\\w+) (?:([^/\\s]+)/)?(\\S+) that");
  private static final Pattern MISSING =
      Pattern.compile(
          "names (?:Secret|ConfigMap) ([^\\s,]+)(?: \\(key ([^)]+)\\))?(?:.*namespace (\\S+) does"
              + " not)?");
  private static final Pattern PORTS =
      Pattern.compile("image of (model|app) exposes (?:the ports )?\\[?([\\d, and]+)");

  private SpecRemedies() {}

  static Remedy of(String reason, String message) {
    return switch (reason) {
      case "HostConflict" ->
          Remedy.of("set another spec.ingress.host or spec.ingress.path", "berth get modelapps -A");
      case "NameTaken" -> nameTaken(message);
      case "AmbiguousPort" -> ambiguousPort(message);
      case "ContextMissing" ->
          Remedy.of("run berth apply -f on the manifest: it sends the context");
      case "SecretNotFound" -> missing("Secret", "stringData", message);
      case "ConfigMapNotFound" -> missing("ConfigMap", "data", message);
      case "SecretKeyNotFound" ->
          Remedy.of(
              "add the key to the Secret, or correct the reference to it", "berth get secrets");
      case "ConfigMapKeyNotFound" ->
          Remedy.of(
              "add the key to the ConfigMap, or correct the reference to it",
              "berth get configmaps");
      default -> Remedy.of("correct what the message names and run berth apply -f again");
    };
  }

  /// The whole object, so that nobody has to look up its form.
  private static Remedy missing(String kind, String data, String message) {
    Matcher named = MISSING.matcher(message);
    boolean known = named.find();
    String name = known ? named.group(1) : "NAME";
    String key = known && named.group(2) != null ? named.group(2) : "KEY";
    String place = known && named.group(3) != null ? ", namespace: " + named.group(3) : "";
    return Remedy.of(
        "write {apiVersion: v1, kind: %s, metadata: {name: %s%s}, %s: {%s: VALUE}} to a file and run berth apply -f FILE, or correct the reference to it"
            .formatted(kind, name, place, data, key),
        "berth get " + kind.toLowerCase(Locale.ROOT) + "s");
  }

  /// Only the endpoint's Service has a name of the user's choice; everything else, and the app's
  /// own Service, is named after the ModelApp.
  private static Remedy nameTaken(String message) {
    Matcher taken = TAKEN.matcher(message);
    if (!taken.find()) {
      return Remedy.of("rename the ModelApp, or set another spec.endpoint.name");
    }
    String kind = taken.group(1);
    String name = taken.group(3);
    boolean endpoint = kind.equals("Service") && !name.endsWith("-app");
    return Remedy.of(
        (endpoint ? "set another spec.endpoint.name" : "rename the ModelApp")
            + ", or delete it: berth delete "
            + kind.toLowerCase(Locale.ROOT)
            + " "
            + name
            + (taken.group(2) == null ? "" : " -n " + taken.group(2)));
  }

  private static Remedy ambiguousPort(String message) {
    Matcher found = PORTS.matcher(message);
    if (!found.find()) {
      return Remedy.of("say in spec.model.port or spec.app.port which port it is");
    }
    String field = "spec." + found.group(1) + ".port: ";
    return Remedy.of(
        "set "
            + Pattern.compile("\\d+")
                .matcher(found.group(2))
                .results()
                .map(port -> field + port.group())
                .collect(Collectors.joining(" or ")));
  }
}
