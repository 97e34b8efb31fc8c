package dev.berth.controller.auth;

import java.util.Optional;

/// The sessions of browsers that logged in. Any thread may ask, and is answered at once.
@FunctionalInterface
public interface BrowserSessions {

  /// A request that shows nothing but cookies. A browser sends them with whatever any page makes it
  /// ask for, so the session decides by the rest whether a page of this server made it.
  ///
  /// @param upgrades whether it wants a WebSocket or another protocol
  /// @param cookies the values of all its `Cookie` lines, joined by `; `
  /// @param host host and port that were asked for, as the client wrote them
  /// @param csrf the word that only a page of this server knows
  record Shown(
      String method,
      String path,
      boolean upgrades,
      String cookies,
      Optional<String> origin,
      Optional<String> host,
      Optional<String> csrf) {
    /// Without what must not reach a log.
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /// Who it stands for; empty where no session is among its cookies, or one that has ended.
  ///
  /// @throws dev.berth.api.ApiException `Forbidden`, naming what is missing, where the session does
  ///   not allow this
  Optional<Identity> identify(Shown request);
}
