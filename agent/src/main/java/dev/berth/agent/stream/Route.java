package dev.berth.agent.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/// Answers requests that come through the tunnel. Tried in order; the first that knows the path
/// serves it.
public interface Route {
  /// @param path without the query, split at its slashes, decoded
  record Request(
      String method,
      String[] path,
      Map<String, String> query,
      Map<String, String> headers,
      InputStream body) {
    @SuppressWarnings("ArrayRecordComponent") // read by its one route, never compared
    public Request {}

    /// The part of the path with this index, or an empty text.
    public String part(int index) {
      return index < path.length ? path[index] : "";
    }

    public boolean matches(String wantedMethod, int parts, String first, String last) {
      return method.equals(wantedMethod)
          && path.length == parts
          && path[0].equals(first)
          && path[parts - 1].equals(last);
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
