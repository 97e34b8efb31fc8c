package dev.berth.agent.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers requests that come through the tunnel. Tried in order; the first that knows the path
/// serves it.
public interface Route {
  /// One request.
  ///
  /// @param path without the query, split at its slashes, decoded
  /// @param query the parameters by name; of one that comes several times the last
  /// @param parameters all of them, in order
  record Request(
      String method,
      List<String> path,
      Map<String, String> query,
      List<Map.Entry<String, String>> parameters,
      Map<String, String> headers,
      InputStream body) {
    public Request {
      path = List.copyOf(path);
      parameters = List.copyOf(parameters);
    }

    /// Every value of a parameter that may come several times, in order.
    public List<String> all(String name) {
      return parameters.stream()
          .filter(p -> p.getKey().equals(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    /// The part of the path with this index, or an empty text.
    public String part(int index) {
      return index < path.size() ? path.get(index) : "";
    }

    public boolean matches(String wantedMethod, int parts, String first, String last) {
      return method.equals(wantedMethod)
          && path.size() == parts
          && path.getFirst().equals(first)
          && path.getLast().equals(last);
    }
  }

  /// Where the answer goes. `write` blocks while the peer's window is full and returns false when
  /// nobody reads any more.
  interface Response {
    void head(int status, Map<String, String> headers) throws IOException;

    boolean write(byte[] bytes) throws IOException;

    /// Calls this once, on any thread, when the peer has given the request up, at once if it has
    /// already. It must not wait.
    default void whenGone(Runnable end) {}

    default void text(int status, String text) throws IOException {
      head(status, Map.of("content-type", "text/plain; charset=utf-8"));
      write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  interface Handler {
    void serve(Response response) throws IOException, InterruptedException;
  }

  Optional<Handler> match(Request request);
}
