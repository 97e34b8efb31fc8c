package dev.berth.controller.auth;

import java.util.List;
import java.util.Optional;

/// Every kind of token that this server takes: the admin's own, and those of ServiceAccounts.
public final class BearerTokens {
  private final StaticToken admin;
  private final ServiceAccountTokens accounts;

  public BearerTokens(StaticToken admin, ServiceAccountTokens accounts) {
    this.admin = admin;
    this.accounts = accounts;
  }

  /// Who the value of an Authorization header stands for, if anybody.
  public Optional<Identity> authenticate(String authorization) {
    return StaticToken.secretOf(authorization)
        .flatMap(token -> verify(token, List.of()))
        .map(ServiceAccountTokens.Verified::identity);
  }

  /// Who a bare token stands for.
  ///
  /// @param audiences of which it must name one; none means this server
  public Optional<ServiceAccountTokens.Verified> verify(String token, List<String> audiences) {
    return admin
        .check(token)
        .map(identity -> new ServiceAccountTokens.Verified(identity, audiences))
        .or(() -> accounts.verify(token, audiences));
  }
}
