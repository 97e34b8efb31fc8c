package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class RelaysTest {

  /// Its answer comes from this server's own name: a cookie of it would be this server's.
  @Test
  void aModelSetsNoCookiesOfThisServer() {
    Map<String, String> kept = Map.of("Content-Type", "application/json", "Retry-After", "3");
    Map<String, String> answered =
        Map.of(
            "Content-Type", "application/json",
            "Retry-After", "3",
            "Set-Cookie", "berth-session=of-its-author; Path=/; Secure; HttpOnly",
            "set-cookie2", "berth-session=x",
            "Clear-Site-Data", "*",
            "WWW-Authenticate", "Basic",
            "Content-Length", "2");
    assertEquals(kept, Relays.passed(answered));
  }
}
