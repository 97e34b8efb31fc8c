package dev.berth.api;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an image: `[HOST/]REPOSITORY[:TAG][@DIGEST]`. A first component with a dot, a colon
/// or the word `localhost` is a host, as everywhere in the field; what a name without host means is
/// the resolver's business.
public record ImageRef(
    Optional<String> host, String repository, Optional<String> tag, Optional<Digest> digest) {
  private static final Pattern HOST =
      Pattern.compile(
          "(?:\\[[0-9a-fA-F:]+]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)(?::[0-9]{1,5})?");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  public ImageRef {
    host.ifPresent(value -> check(HOST.matcher(value).matches(), "host", value));
    check(!repository.isEmpty() && repository.length() <= 255, "repository", repository);
    for (String component : repository.split("/", -1)) {
      check(COMPONENT.matcher(component).matches(), "repository", repository);
    }
    tag.ifPresent(value -> check(TAG.matcher(value).matches(), "tag", value));
  }

  /// Throws an `IllegalArgumentException` that names the wrong part.
  public static ImageRef parse(String text) {
    if (text.length() > 1024) {
      throw new IllegalArgumentException("image reference: longer than 1024 characters");
    }
    int at = text.indexOf('@');
    Optional<Digest> digest =
        at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1)));
    String name = at < 0 ? text : text.substring(0, at);
    Optional<String> host = host(name);
    String path = host.map(value -> name.substring(value.length() + 1)).orElse(name);
    int colon = path.lastIndexOf(':');
    return colon < 0
        ? new ImageRef(host, path, Optional.empty(), digest)
        : new ImageRef(
            host, path.substring(0, colon), Optional.of(path.substring(colon + 1)), digest);
  }

  public static Optional<ImageRef> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> host(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String first = name.substring(0, slash);
    boolean isHost =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || first.chars().anyMatch(Character::isUpperCase);
    return isHost ? Optional.of(first) : Optional.empty();
  }

  private static void check(boolean ok, String part, String value) {
    if (!ok) {
      throw new IllegalArgumentException("image reference: invalid " + part + " \"" + value + "\"");
    }
  }

  /// The digest, else the tag, else `latest`: what a registry is asked for.
  public String reference() {
    return digest.map(Digest::toString).orElse(tag.orElse("latest"));
  }

  @Override
  public String toString() {
    return host.map(value -> value + "/").orElse("")
        + repository
        + tag.map(value -> ":" + value).orElse("")
        + digest.map(value -> "@" + value).orElse("");
  }
}
