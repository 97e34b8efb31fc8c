package dev.berth.controller.dashboard;

import dev.berth.controller.auth.BrowserSessions;
import dev.berth.controller.auth.Identity;
import dev.berth.dashboard.session.Approach;
import dev.berth.dashboard.session.Session;
import dev.berth.dashboard.session.Sessions;
import java.util.List;
import java.util.Optional;

/// The dashboard's sessions, as credentials for what its pages ask for. Images, hooks and metrics
/// are no business of a browser's: there a cookie counts for nothing.
public final class CookieLogins implements BrowserSessions {
  /// Who logs in acts as nobody yet, whatever the browser still holds.
  private static final String LOGIN = "/ui/api/login";

  private static final List<String> ASKED_BY_PAGES =
      List.of("/api", "/apis", "/openapi", "/version", "/ui/api");

  private final Sessions sessions;

  public CookieLogins(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Optional<Identity> identify(Shown request) {
    return isAskedByPages(request.path())
        ? sessions
            .admit(request.cookies(), approach(request))
            .map(Session::viewer)
            .map(Viewers::identity)
        : Optional.empty();
  }

  private static boolean isAskedByPages(String path) {
    return !path.equals(LOGIN)
        && ASKED_BY_PAGES.stream()
            .anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
  }

  private static Approach approach(Shown request) {
    return new Approach(
        request.method(), request.upgrades(), request.origin(), request.host(), request.csrf());
  }
}
