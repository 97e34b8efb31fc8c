package dev.berth.dashboard.session;

import dev.berth.dashboard.port.Request;
import java.util.Locale;
import java.util.Optional;

/// The parts of a request that tell who made the browser send it.
///
/// @param webSocket whether it asks for one
/// @param origin the header `Origin`
/// @param host the header `Host`, or HTTP/2's authority
/// @param csrf the word of the page: the header [Session#CSRF_HEADER], of a WebSocket the end of a
///   subprotocol
public record Approach(
    String method,
    boolean webSocket,
    Optional<String> origin,
    Optional<String> host,
    Optional<String> csrf) {

  /// That of a request which is no WebSocket.
  public static Approach of(Request request) {
    return new Approach(
        request.method(),
        false,
        request.header("Origin"),
        request.header("Host"),
        request.header(Session.CSRF_HEADER));
  }

  /// Reading changes nothing, and other sites are not shown what is read.
  boolean isRead() {
    return !webSocket && (method.equals("GET") || method.equals("HEAD"));
  }

  /// A browser lets no page choose either header. `null`, which sandboxed pages send, is nobody's.
  public boolean isOwnOrigin() {
    return host.isPresent()
        && origin.map(from -> normal(from).equals(normal("https://" + host.get()))).orElse(false);
  }

  private static String normal(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return lower.endsWith(":443") ? lower.substring(0, lower.length() - 4) : lower;
  }
}
