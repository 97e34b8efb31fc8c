package dev.berth.controller.gitops;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.ObjectKey;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.HttpSurface;
import dev.berth.gitops.hook.HookAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `POST /hooks/git/NAMESPACE/NAME`: a Git host says that something was pushed. Anybody may call;
/// who knows the repository's secret is heard, and heard or not is told nothing about it.
public final class WebhookSurface implements HttpSurface {
  public static final String PATH = "/hooks/git";
  private static final int LARGEST = 1 << 20;
  private static final Map<String, String> TEXT =
      Map.of("Content-Type", "text/plain; charset=utf-8");

  private final Receiver receiver;

  /// Judges a message.
  @FunctionalInterface
  public interface Receiver {
    /// What the sender is told.
    ///
    /// @param headers by lower case name
    HookAnswer hook(ObjectKey repository, Map<String, String> headers, byte[] body);
  }

  public WebhookSurface(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.method().equals("POST")) {
      throw new ApiException(
          new ApiError.MethodNotAllowed(
              exchange.method() + " is not allowed on " + exchange.path() + ": POST is"));
    }
    HookAnswer answer =
        receiver.hook(repository(exchange.path()), headers(exchange), exchange.body(LARGEST));
    exchange.respond(answer.status(), TEXT, answer.text().getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectKey repository(String path) {
    List<String> names = List.of(path.substring(PATH.length()).split("/", -1));
    if (names.size() != 3 || names.get(1).isEmpty() || names.get(2).isEmpty()) {
      throw new ApiException(
          ApiError.fromCode(404, "a webhook's path is " + PATH + "/NAMESPACE/NAME"));
    }
    return new ObjectKey(names.get(1), names.get(2));
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    for (String name : exchange.headerNames()) {
      exchange.header(name).ifPresent(value -> headers.put(name.toLowerCase(Locale.ROOT), value));
    }
    return headers;
  }
}
