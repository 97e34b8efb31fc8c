package dev.berth.agent.image;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.api.Printable;
import dev.berth.api.Reason;
import dev.berth.client.RegistryException;
import dev.berth.client.Unreachable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;

/// Why one place could not give an image. Pure; which of several refusals is the reason of the
/// whole is decided here too.
record Refusal(Optional<Reason> reason, String text) {
  /// Characters of somebody else's words that a refusal repeats.
  private static final int QUOTED = 200;

  /// What speaks of the image itself outweighs what speaks of a place that was asked besides.
  private static final List<Reason> WEIGHT =
      List.of(
          Reason.NO_SPACE,
          Reason.DIGEST_MISMATCH,
          Reason.WRONG_PLATFORM,
          Reason.LOGIN_NEEDED,
          Reason.REGISTRY_UNREACHABLE,
          Reason.IMAGE_NOT_FOUND);

  Refusal(Reason reason, String text) {
    this(Optional.of(reason), text);
  }

  /// A refusal whose cause has no name.
  static Refusal other(String text) {
    return new Refusal(Optional.empty(), text);
  }

  static Refusal notFound(String text) {
    return new Refusal(Reason.IMAGE_NOT_FOUND, text);
  }

  /// The weightiest; empty when no place was asked.
  static Optional<Reason> reason(List<Refusal> all) {
    return WEIGHT.stream()
        .filter(w -> all.stream().anyMatch(r -> r.reason().equals(Optional.of(w))))
        .findFirst();
  }

  /// From what went wrong at one place.
  ///
  /// @param guessed the name has no host, so that the place was one of several to look at
  static Refusal of(Origin origin, URI registry, boolean guessed, Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      Optional<Refusal> known = known(origin, registry, guessed, at);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return other((guessed ? origin + ": " : "") + bare(quoted(failure)));
  }

  private static Optional<Refusal> known(
      Origin origin, URI registry, boolean guessed, Throwable failure) {
    return switch (failure) {
      case ImageException e when e.reason().isPresent() ->
          Optional.of(new Refusal(e.reason().get(), origin + ": " + e.getMessage()));
      case RegistryException e when e.isDenied() -> Optional.of(denied(origin, guessed));
      case ErrnoException e when e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT) ->
          Optional.of(new Refusal(Reason.NO_SPACE, origin + ": " + e.getMessage()));
      case UnknownHostException _, UnresolvedAddressException _ ->
          Optional.of(unreachable(registry, "its name is not known"));
      case HttpConnectTimeoutException _ ->
          Optional.of(unreachable(registry, "it does not answer"));
      case java.net.http.HttpTimeoutException _ ->
          Optional.of(unreachable(registry, "it gave no answer in time"));
      case SSLException e -> Optional.of(unreachable(registry, Unreachable.why(e)));
      case ConnectException e when !isOfUnknownName(e) ->
          Optional.of(unreachable(registry, said(e, "connection refused")));
      case SocketException e when !(e instanceof ConnectException) ->
          Optional.of(unreachable(registry, said(e, "the connection broke")));
      case JacksonException _ ->
          Optional.of(other(origin + ": its manifest or config is not JSON"));
      case IllegalArgumentException e -> Optional.of(other(origin + ": " + quoted(e)));
      case IOException e -> told(guessed ? origin + ": " : "", e);
      default -> Optional.empty();
    };
  }

  /// The HTTP client wraps its exceptions in others of the same kind, as often as it tried.
  private static boolean isOfUnknownName(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException || at instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  /// The place is named where it was one of several.
  private static Optional<Refusal> told(String place, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device")) {
      return Optional.of(new Refusal(Reason.NO_SPACE, place + message));
    }
    return message.contains("digest mismatch")
        ? Optional.of(new Refusal(Reason.DIGEST_MISMATCH, place + forged(message)))
        : Optional.empty();
  }

  /// The image is named around it already.
  private static String bare(String message) {
    return message.replaceFirst("^manifest of \\S+: ", "");
  }

  private static String forged(String message) {
    return message
        .replaceFirst(
            "^(cannot unpack the layer: |layer )digest mismatch: ",
            "a layer is not what its digest says: ")
        .replaceFirst("^config digest mismatch: ", "its config is not what its digest says: ");
  }

  /// Docker Hub also denies what does not exist.
  private static Refusal denied(Origin origin, boolean guessed) {
    return guessed
        ? notFound(origin + " does not exist or needs a login")
        : new Refusal(Reason.LOGIN_NEEDED, origin + " needs a login");
  }

  private static Refusal unreachable(URI registry, String cause) {
    int port =
        registry.getPort() > 0
            ? registry.getPort()
            : registry.getScheme().equals("http") ? 80 : 443;
    return new Refusal(
        Reason.REGISTRY_UNREACHABLE,
        "registry " + registry.getHost() + ":" + port + " cannot be reached: " + cause);
  }

  private static String quoted(Throwable failure) {
    return Printable.line(String.valueOf(failure.getMessage()), QUOTED);
  }

  private static String said(Throwable e, String otherwise) {
    return e.getMessage() == null ? otherwise : e.getMessage();
  }
}
