package dev.berth.dashboard.port;

import java.io.IOException;
import java.util.Optional;

/// A request below `/ui`, without anything of the library that carries it.
public interface Request {
  String method();

  /// As it was sent, without the query, still percent-encoded.
  String path();

  /// Decoded.
  Optional<String> query(String name);

  Optional<String> header(String name);

  /// The whole body.
  ///
  /// @throws dev.berth.api.ApiException `TooLarge` when it is longer than `most` bytes
  byte[] body(int most) throws IOException;

  /// Who asks; empty for a request without credentials, which may load the pages and log in.
  Optional<Proven> caller();

  /// The address that the request came from, without the port; for counting failed logins.
  String remote();
}
