package dev.berth.dashboard.session;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Viewer;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A browser that has logged in.
///
/// @param csrf what a page of ours sends with everything; neither another site nor another port of
///   the host is told it
public record Session(Proven proven, String csrf, Instant expires) {
  /// The header that carries [#csrf].
  public static final String CSRF_HEADER = "X-Berth-Csrf";

  public Viewer viewer() {
    return proven.viewer();
  }

  /// The same person, for as long as this session lasts.
  public Proven asProven() {
    return new Proven(proven.viewer(), Optional.of(expires), proven.holds());
  }

  boolean isGood(Instant now) {
    return now.isBefore(expires) && proven.isGood(now);
  }

  boolean isOf(Optional<String> word) {
    return word.map(given -> Secrets.same(given, csrf)).orElse(false);
  }

  /// Why a request that shows this session's cookie is refused; empty where it may go on. A cookie
  /// comes along whoever made the browser ask, and browsers send it to every port of this host, so
  /// to a pod behind a port-forward too: alone it is good for nothing. What changes something, or
  /// opens a WebSocket (which no browser protects), must come from a page of this server besides.
  public Optional<String> refusal(Approach approach) {
    if (!approach.isRead() && !approach.isOwnOrigin()) {
      return Optional.of(
          "the session cookie is good for "
              + (approach.webSocket() ? "a WebSocket" : approach.method())
              + " only from a page of this server: the Origin header must name this server's own"
              + " origin");
    }
    return isOf(approach.csrf()) ? Optional.empty() : Optional.of(needsWord(approach.webSocket()));
  }

  private static String needsWord(boolean webSocket) {
    String needs = "this session needs the word of its page (header " + CSRF_HEADER + ")";
    return webSocket ? needs + "; a WebSocket offers it as subprotocol csrf.berth.dev.WORD" : needs;
  }

  /// What the pages are told.
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("user", viewer().user());
    viewer().groups().forEach(json.putArray("groups")::add);
    return json.put("csrf", csrf).put("expires", Times.format(expires));
  }

  /// Neither the token nor whom it stands for belongs into a log by accident.
  @Override
  public String toString() {
    return "session of " + viewer().user() + " until " + expires;
  }
}
