package dev.berth.controller.dashboard;

import dev.berth.controller.auth.BearerTokens;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Tokens;
import java.util.List;
import java.util.Optional;

/// Bearer tokens, judged as those of a request; a session of one ends with it.
public final class TokenLogins implements Tokens {
  private final BearerTokens tokens;

  public TokenLogins(BearerTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public Optional<Proven> prove(String token) {
    return tokens
        .verify(token, List.of())
        .map(
            verified ->
                Viewers.proven(
                    verified.identity(), () -> tokens.verify(token, List.of()).isPresent()));
  }
}
