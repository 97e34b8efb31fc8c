package dev.berth.gitops.source;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.jspecify.annotations.Nullable;

/// Turns what JGit throws into a reason and a fix. JGit has few types for what went wrong, so the
/// words are looked at last, without the URL among them: port 44031 is no 403, and a repository may
/// be called `authentication`.
final class Failures {
  private static final String SECRET = "; check the Secret that spec.secretRef names";

  private Failures() {}

  static SourceException of(GitUrl url, Exception e) {
    String said = said(url, e);
    String words = said.replace(url.text(), "").toLowerCase(Locale.ROOT);
    if (find(e, Limits.Exceeded.class).isPresent()) {
      return failure(SourceException.TOO_LARGE, said, e);
    }
    if (find(e, TooLargePackException.class).isPresent()
        || find(e, TooLargeObjectInPackException.class).isPresent()) {
      return failure(
          SourceException.TOO_LARGE,
          "the repository holds a file of more than "
              + Limits.OBJECT_MIB
              + " MiB: keep large files out of Git",
          e);
    }
    if (find(e, CorruptObjectException.class).isPresent()) {
      return failure(
          SourceException.INVALID, "the repository holds an object that is refused: " + said, e);
    }
    if (words.contains("not authorized")
        || words.contains("authentication")
        || words.contains("auth fail")
        || words.contains("cannot log in")
        || words.contains("not permitted")
        || words.contains("no more authentication")
        || words.contains("403")) {
      return failure(
          SourceException.AUTH_FAILED, url.text() + " does not let us in: " + said + SECRET, e);
    }
    if (find(e, NoRemoteRepositoryException.class).isPresent()
        || words.contains("not found")
        || words.contains("no such repository")) {
      return failure(
          SourceException.UNREACHABLE,
          url.text() + ": there is no such repository, or it is hidden from us" + SECRET,
          e);
    }
    if (find(e, SSLException.class).isPresent()) {
      return failure(
          SourceException.UNREACHABLE,
          url.text()
              + ": "
              + said
              + "; put the certificate of its authority into ca.crt of the"
              + " Secret",
          e);
    }
    return find(e, IOException.class).isPresent()
        ? failure(SourceException.UNREACHABLE, url.text() + ": " + reached(e, said), e)
        : failure(SourceException.FETCH_FAILED, url.text() + ": " + said, e);
  }

  private static String reached(Exception e, String said) {
    if (find(e, UnknownHostException.class).isPresent()) {
      return "its host name is unknown here";
    }
    if (find(e, ConnectException.class).isPresent()) {
      return "nothing answers there (" + said + ")";
    }
    return find(e, SocketTimeoutException.class).isPresent() ? "no answer in time" : said;
  }

  /// The innermost message: outer ones repeat the URL.
  private static String said(GitUrl url, Throwable e) {
    Throwable inner = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      inner = cause;
    }
    String message = inner.getMessage() == null ? e.getMessage() : inner.getMessage();
    String text = message == null ? inner.getClass().getSimpleName() : message;
    return text.startsWith(url.text() + ": ") ? text.substring(url.text().length() + 2) : text;
  }

  private static <T extends Throwable> Optional<T> find(@Nullable Throwable e, Class<T> type) {
    for (Throwable here = e; here != null; here = here.getCause()) {
      if (type.isInstance(here)) {
        return Optional.of(type.cast(here));
      }
    }
    return Optional.empty();
  }

  private static SourceException failure(String reason, String message, Exception cause) {
    return new SourceException(reason, message, cause);
  }
}
