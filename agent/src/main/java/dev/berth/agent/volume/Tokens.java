package dev.berth.agent.volume;

import dev.berth.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The tokens of one pod's volumes, renewed when four fifths of their time are over. They are held
/// in memory alone: a later agent asks for fresh ones. Used by the pod's worker alone; what is
/// asked for ahead of time is asked on threads of its own.
final class Tokens {
  private static final Logger log = LoggerFactory.getLogger(Tokens.class);
  private static final long DEFAULT_SECONDS = 3600;
  private static final Duration RETRY = Duration.ofSeconds(30);
  private final References references;
  private final InstantSource clock;
  private final Map<References.TokenWish, Held> held = new HashMap<>();
  private final Map<References.TokenWish, CompletableFuture<References.Token>> ahead =
      new HashMap<>();
  private Optional<Instant> owed = Optional.empty();
  private boolean skewed;

  private record Held(String text, Instant renew) {}

  Tokens(References references, InstantSource clock) {
    this.references = references;
    this.clock = clock;
  }

  /// Asks already now for what the pod's volumes will need: its image may take its time, and a
  /// start that finds all of it there is not held up.
  void foresee(JsonNode pod) {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      for (JsonNode source : volume.path("projected").path("sources")) {
        if (source.has("serviceAccountToken")) {
          References.TokenWish wish = wish(pod, source.path("serviceAccountToken"));
          ahead.computeIfAbsent(wish, this::askAhead);
        }
      }
    }
  }

  private CompletableFuture<References.Token> askAhead(References.TokenWish wish) {
    CompletableFuture<References.Token> token = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("token-" + wish.pod())
        .start(
            () -> {
              try {
                token.complete(references.token(wish));
              } catch (RuntimeException e) {
                token.completeExceptionally(e); // who needs it asks again, and says why
              }
            });
    return token;
  }

  /// The token for a `serviceAccountToken` source. One that cannot be renewed yet stays as it is.
  String of(JsonNode pod, JsonNode source) {
    References.TokenWish wish = wish(pod, source);
    Held known = held.get(wish);
    if (known != null && known.renew().isAfter(clock.instant())) {
      return known.text();
    }
    Held next = renewed(wish, Optional.ofNullable(known));
    held.put(wish, next);
    return next.text();
  }

  private static References.TokenWish wish(JsonNode pod, JsonNode source) {
    String audience = Json.text(source, "audience");
    return new References.TokenWish(
        Json.namespace(pod),
        DownwardApi.account(pod),
        Json.name(pod),
        Json.uid(pod),
        audience.isEmpty() ? List.of() : List.of(audience),
        source.path("expirationSeconds").asLong(DEFAULT_SECONDS));
  }

  private Held renewed(References.TokenWish wish, Optional<Held> known) {
    Instant now = clock.instant();
    owed = Optional.empty();
    try {
      References.Token fresh = foreseen(wish, now).orElseGet(() -> references.token(wish));
      return new Held(fresh.text(), now.plus(rest(wish, Duration.between(now, fresh.expires()))));
    } catch (RuntimeException e) {
      owed = Optional.of(now.plus(RETRY)); // also of a container that runs on without it
      return known.map(old -> new Held(old.text(), now.plus(RETRY))).orElseThrow(() -> e);
    }
  }

  /// How long a token is left alone. By a clock that is ahead of the server's a fresh one is old
  /// already, and a newer one would be so too.
  private Duration rest(References.TokenWish wish, Duration life) {
    Duration most = life.multipliedBy(4).dividedBy(5);
    if (most.compareTo(RETRY) >= 0) {
      return most;
    }
    if (!skewed) {
      skewed = true;
      log.atWarn()
          .addKeyValue("pod", wish.namespace() + "/" + wish.pod())
          .addKeyValue("seconds", life.toSeconds())
          .log("a fresh token ends too soon: set the clocks of this host and of the API server");
    }
    return RETRY;
  }

  /// Once, and only where most of its time is left: the pod may have waited long for its image.
  private Optional<References.Token> foreseen(References.TokenWish wish, Instant now) {
    CompletableFuture<References.Token> asked = ahead.remove(wish);
    Instant least = now.plusSeconds(wish.seconds() / 2);
    return asked == null
        ? Optional.empty()
        : Optional.ofNullable(asked.exceptionally(_ -> null).join())
            .filter(token -> token.expires().isAfter(least));
  }

  /// When `of` has something to do.
  Optional<Instant> due() {
    return Stream.concat(held.values().stream().map(Held::renew), owed.stream())
        .min(Instant::compareTo);
  }
}
