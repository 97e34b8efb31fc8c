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
  record Request(
      String method,
      List<String> path,
      Map<String, String> query,
      Map<String, String> headers,
      InputStream body) {
    public Request {
      path = List.copyOf(path);
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
