package dev.berth.dashboard.port;

import java.util.Optional;

/// Judges bearer tokens, as for a request that carries one.
@FunctionalInterface
public interface Tokens {
  /// Whom a bare token stands for; empty where it is not valid here.
  Optional<Proven> prove(String token);
}
