package dev.berth.controller.http;

import dev.berth.controller.auth.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One request and the means to answer it. Used by one thread.
public interface HttpExchange {
  String method();

  /// The path as it was sent, without the query, still percent-encoded.
  String path();

  /// Everything behind the question mark, as it was sent; empty when there is none.
  String queryString();

  Optional<String> query(String name);

  List<String> queryAll(String name);

  Optional<String> header(String name);

  /// As the client wrote them.
  Set<String> headerNames();

  /// The values of all header lines of that name.
  List<String> headerAll(String name);

  Identity identity();

  /// Until when the client's certificate is good; empty where it showed none.
  Optional<Instant> certificateEnd();

  /// Where the request came from, without the port; empty where nobody knows.
  String remoteAddress();

  /// The body as a stream; it can be read once.
  InputStream body();

  /// The whole body.
  ///
  /// @throws dev.berth.api.ApiException `TooLarge` when it is longer than `most`
  byte[] body(int most) throws IOException;

  /// Answers with everything at once.
  void respond(int status, Map<String, String> headers, byte[] body) throws IOException;

  /// Starts an answer of unknown length, or of the length that `Content-Length` says. Writes wait
  /// for a slow client; each `flush` sends what was written. The caller closes the stream to end
  /// the answer.
  OutputStream stream(int status, Map<String, String> headers) throws IOException;

  /// Whether the client asks for a WebSocket instead of an answer.
  boolean isWebSocket();

  /// Answers with a WebSocket. The caller closes it.
  MessageSocket webSocket() throws IOException;

  /// Answers with 101 and goes on in another protocol. The caller closes the connection.
  ///
  /// @param headers those of the answer beside `Connection` and `Upgrade`
  ByteSocket upgrade(String protocol, Map<String, String> headers) throws IOException;

  /// Runs when the client goes before the answer has ended.
  void onGone(Runnable action);
}
