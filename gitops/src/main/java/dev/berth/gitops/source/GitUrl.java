package dev.berth.gitops.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Where a repository is. Only what can be asked safely: no credentials inside, no other schemes.
///
/// @param port 0 where the scheme's own is meant
public record GitUrl(String text, Scheme scheme, String host, int port) {

  public enum Scheme {
    HTTPS,
    HTTP,
    SSH,
    GIT,
    FILE
  }

  /// Checks a URL.
  ///
  /// @param files below which folder `file://` is allowed; empty: nowhere
  public static GitUrl parse(String text, Optional<Path> files) throws SourceException {
    URI uri = uri(text);
    Scheme scheme = scheme(uri);
    String user = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
    if (user.contains(":") || (!user.isEmpty() && scheme != Scheme.SSH)) {
      throw invalid(
          "spec.url must not have credentials: put them into a Secret and name it in"
              + " spec.secretRef");
    }
    if (scheme == Scheme.FILE) {
      requireBelow(uri, files);
      return new GitUrl(text, scheme, "", 0);
    }
    if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw invalid("spec.url " + text + " must name a host and a path");
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return new GitUrl(text, scheme, host, Math.max(0, uri.getPort()));
  }

  private static URI uri(String text) throws SourceException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("spec.url is no URL: " + e.getReason());
    }
  }

  private static Scheme scheme(URI uri) throws SourceException {
    return switch (Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT)) {
      case "https" -> Scheme.HTTPS;
      case "http" -> Scheme.HTTP;
      case "ssh" -> Scheme.SSH;
      case "git" -> Scheme.GIT;
      case "file" -> Scheme.FILE;
      default -> throw invalid("spec.url must begin with https://, http://, ssh:// or git://");
    };
  }

  private static void requireBelow(URI uri, Optional<Path> files) throws SourceException {
    if (files.isEmpty()) {
      throw invalid(
          "spec.url: file:// is refused: start the controller with --allow-file-git DIR, or serve"
              + " the repository over ssh or https");
    }
    try {
      Path wanted = Path.of(uri.getPath()).toRealPath();
      if (!wanted.startsWith(files.get().toRealPath())) {
        throw invalid(
            "spec.url: " + uri.getPath() + " is not below " + files.get() + " (--allow-file-git)");
      }
    } catch (java.io.IOException e) {
      throw new SourceException(
          SourceException.UNREACHABLE, "spec.url: " + uri.getPath() + " is not there", e);
    }
  }

  private static SourceException invalid(String message) {
    return new SourceException(SourceException.INVALID, message);
  }

  /// What somebody between here and there can read or change; empty where nobody can.
  public Optional<String> warning() {
    return switch (scheme) {
      case GIT ->
          Optional.of("git:// is neither encrypted nor authenticated: use https:// or ssh://");
      case HTTP -> Optional.of("http:// is not encrypted: use https:// or ssh://");
      case HTTPS, SSH, FILE -> Optional.empty();
    };
  }

  /// Of whom at most two things are asked at once.
  String server() {
    return scheme + "//" + host + ":" + port;
  }
}
