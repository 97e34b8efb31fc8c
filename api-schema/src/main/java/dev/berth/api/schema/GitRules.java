package dev.berth.api.schema;

import dev.berth.api.Durations;
import dev.berth.api.Json;
import dev.berth.api.Names;
import dev.berth.api.Quantity;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a GitRepository demands across fields.
final class GitRules {
  private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file");
  private static final List<String> REFS = List.of("branch", "tag", "semver", "commit");
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(24);
  private static final Quantity LARGEST = Quantity.parse("16Gi");

  private GitRules() {}

  static void check(JsonNode object, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    if (!Names.isLabelValue(Json.name(object))) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              Json.name(object),
              "is the value of a label on what it applies: use at most 63 characters"));
    }
    url(spec.path("url"), errors);
    ref(spec.path("ref"), errors);
    inside(spec.path("path"), "spec.path", errors);
    exclude(spec.path("exclude"), errors);
    times(spec, errors);
    size(spec.path("maxSize"), errors);
    verify(spec, errors);
    substitute(spec.path("substitute"), errors);
    dependsOn(Json.at(spec, "sync", "dependsOn"), Json.name(object), errors);
    names(spec, errors);
  }

  private static void url(JsonNode node, List<FieldError> errors) {
    String url = node.asString("");
    if (url.isEmpty()) {
      return;
    }
    String wrong = wrongUrl(url);
    if (!wrong.isEmpty()) {
      errors.add(FieldError.invalid("spec.url", withoutPassword(url), wrong));
    }
  }

  /// What is wrong with it and how it is written instead; empty where nothing is.
  private static String wrongUrl(String url) {
    if (!url.contains("://") && url.matches("[^/\\s]+@[^/:\\s]+:.*")) {
      int colon = url.indexOf(':');
      return "write it as ssh://" + url.substring(0, colon) + "/" + url.substring(colon + 1);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return "is no URL: " + e.getReason();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (!SCHEMES.contains(scheme)) {
      return "must begin with https://, http://, ssh://, git:// or file://";
    }
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    if (user.contains(":") || (!user.isEmpty() && !scheme.equals("ssh"))) {
      return "must not have credentials: put username and password into a Secret and name it in spec.secretRef";
    }
    if (uri.getRawFragment() != null || uri.getRawQuery() != null) {
      return "must not have a query or a fragment: branch and tag belong into spec.ref, a folder into spec.path";
    }
    boolean place = scheme.equals("file") || uri.getHost() != null;
    return place && uri.getRawPath().length() > 1
        ? ""
        : "must name a host and a path, as in https://git.example.com/team/apps.git";
  }

  /// A refused URL goes into an error, a log and an audit: its password does not.
  private static String withoutPassword(String url) {
    return url.replaceFirst("//[^/@]*@", "//...@");
  }

  private static void ref(JsonNode ref, List<FieldError> errors) {
    List<String> set = REFS.stream().filter(name -> !Json.text(ref, name).isEmpty()).toList();
    if (set.size() > 1) {
      errors.add(
          FieldError.forbidden(
              "spec.ref", "at most one of branch, tag, semver and commit: found " + set));
    }
    for (String name : List.of("branch", "tag")) {
      String value = Json.text(ref, name);
      if (value.startsWith("refs/")) {
        errors.add(
            FieldError.invalid(
                "spec.ref." + name, value, "is written without refs/heads/ and refs/tags/"));
      } else if (!value.isEmpty() && !isRefName(value)) {
        errors.add(FieldError.invalid("spec.ref." + name, value, "is no name of a Git reference"));
      }
    }
  }

  /// The rules of `git check-ref-format` that matter for a name that is asked for.
  private static boolean isRefName(String name) {
    return name.length() <= 255
        && name.chars().noneMatch(c -> c <= ' ' || c == 0x7f || "~^:?*[\\".indexOf(c) >= 0)
        && !name.contains("..")
        && !name.contains("//")
        && !name.contains("@{")
        && !name.startsWith("/")
        && !name.startsWith("-")
        && !name.endsWith("/")
        && !name.endsWith(".")
        && !name.endsWith(".lock");
  }

  private static void inside(JsonNode node, String path, List<FieldError> errors) {
    String folder = node.asString("");
    if (List.of(folder.split("/", -1)).contains("..")) {
      errors.add(FieldError.invalid(path, folder, "must stay inside the repository: remove .."));
    }
  }

  private static void exclude(JsonNode globs, List<FieldError> errors) {
    for (int i = 0; i < globs.size(); i++) {
      String path = "spec.exclude[" + i + "]";
      String glob = globs.path(i).asString("");
      if (glob.isEmpty() || glob.startsWith("/") || glob.startsWith("!")) {
        errors.add(
            FieldError.invalid(
                path, glob, "must be a glob relative to spec.path, such as **/test/**"));
      }
    }
  }

  private static void times(JsonNode spec, List<FieldError> errors) {
    duration(spec, "timeout", Duration.ofSeconds(1), LONGEST_TIMEOUT, errors);
    Duration interval = Durations.tryParse(Json.text(spec, "interval")).orElse(LONGEST_INTERVAL);
    if (!interval.isZero()) {
      duration(spec, "interval", Duration.ofSeconds(1), LONGEST_INTERVAL, errors);
    } else if (!spec.path("webhook").isObject()) {
      errors.add(
          FieldError.invalid(
              "spec.interval",
              "0s",
              "waits for webhooks only, and there is no spec.webhook: add one, or set an interval"));
    }
  }

  private static void duration(
      JsonNode spec, String field, Duration least, Duration most, List<FieldError> errors) {
    String text = Json.text(spec, field);
    Duration value = Durations.tryParse(text).orElse(least);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      errors.add(
          FieldError.invalid(
              "spec." + field, text, "must be at least 1s and at most " + most.toHours() + "h"));
    }
  }

  private static void size(JsonNode size, List<FieldError> errors) {
    Quantity.tryParse(size.asString(""))
        .filter(value -> value.value() <= 0 || value.compareTo(LARGEST) > 0)
        .ifPresent(
            value ->
                errors.add(
                    FieldError.invalid(
                        "spec.maxSize", size.asString(), "must be more than 0, at most 16Gi")));
  }

  private static void verify(JsonNode spec, List<FieldError> errors) {
    boolean wantsTag = Json.text(spec, "verify", "mode").startsWith("Tag");
    boolean hasTag =
        Stream.of("tag", "semver").anyMatch(name -> !Json.text(spec, "ref", name).isEmpty());
    if (wantsTag && !hasTag) {
      errors.add(
          FieldError.invalid(
              "spec.verify.mode",
              Json.text(spec, "verify", "mode"),
              "asks for a signed tag: set spec.ref.tag or spec.ref.semver, or use HEAD"));
    }
  }

  private static void substitute(JsonNode values, List<FieldError> errors) {
    for (String name : values.propertyNames()) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        errors.add(
            FieldError.invalid(
                "spec.substitute", name, "must be a letter or _, then letters, digits and _"));
      }
    }
  }

  private static void dependsOn(JsonNode list, String own, List<FieldError> errors) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String path = "spec.sync.dependsOn[" + i + "].name";
      String name = Json.text(list.path(i), "name");
      if (name.equals(own)) {
        errors.add(FieldError.invalid(path, name, "must not be the repository itself"));
      } else if (!seen.add(name)) {
        errors.add(FieldError.duplicate(path, name));
      }
    }
  }

  private static void names(JsonNode spec, List<FieldError> errors) {
    name(spec, "spec.serviceAccountName", errors, "serviceAccountName");
    name(spec, "spec.secretRef.name", errors, "secretRef", "name");
    name(spec, "spec.webhook.secretRef.name", errors, "webhook", "secretRef", "name");
    name(spec, "spec.verify.secretRef.name", errors, "verify", "secretRef", "name");
  }

  private static void name(JsonNode spec, String path, List<FieldError> errors, String... fields) {
    JsonNode name = Json.at(spec, fields);
    if (name.isString() && !Names.isDnsSubdomain(name.stringValue())) {
      errors.add(FieldError.invalid(path, name.stringValue(), MetadataRules.SUBDOMAIN_RULE));
    }
  }
}
