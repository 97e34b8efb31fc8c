package dev.berth.dashboard;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.dashboard.files.ContentPolicy;
import dev.berth.dashboard.files.StaticFiles;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.session.SessionRoutes;
import java.io.IOException;
import java.util.Map;

/// Everything below `/ui`. Called on a thread of the request's own; it may block.
public final class Dashboard {
  private static final String ROOT = "/ui";
  private static final String API = "/ui/api/";

  private final StaticFiles files;
  private final Map<String, String> headers;
  private final SessionRoutes sessions;
  private final ViewerRoutes views;

  public Dashboard(Ports ports) {
    this.files = new StaticFiles(Dashboard.class.getClassLoader());
    this.headers = ContentPolicy.headers(files.startPage());
    this.sessions = new SessionRoutes(ports.sessions(), ports.tokens(), ports.clock());
    this.views = new ViewerRoutes(ports);
  }

  /// The answer; whatever is wrong with the request becomes an `ApiException`, which the server
  /// answers as its `Status`.
  public Answer handle(Request request) throws IOException {
    String path = request.path();
    Answer answer =
        path.startsWith(API) ? api(request, path.substring(API.length())) : file(request, path);
    return answer.withAll(headers);
  }

  private Answer file(Request request, String path) {
    if (!isReading(request)) {
      throw notAllowed(request);
    }
    return path.equals(ROOT)
        ? Answer.empty(308).with("Location", ROOT + "/")
        : files
            .answer(path.substring(ROOT.length() + 1), request)
            .orElseGet(() -> Answer.text(404, "There is no such page. The dashboard is at /ui/."));
  }

  private static boolean isReading(Request request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private Answer api(Request request, String path) throws IOException {
    Answer answer =
        switch (request.method() + " " + path) {
          case "POST login-link" -> sessions.link(request);
          case "POST login" -> sessions.login(request);
          case "POST logout" -> sessions.logout(request);
          case "GET session" -> sessions.current(request);
          default -> views.answer(request, path).orElseThrow(() -> unknown(request));
        };
    return answer.withAll(Map.of("Cache-Control", "no-store"));
  }

  private static ApiException unknown(Request request) {
    return new ApiException(
        ApiError.fromCode(404, "the dashboard has no " + request.method() + " " + request.path()));
  }

  private static ApiException notAllowed(Request request) {
    return new ApiException(
        new ApiError.MethodNotAllowed(
            request.method() + " is not allowed on " + request.path() + ": it is a file"));
  }
}
