package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// When tokens are asked for, and when again.
@Timeout(60)
class TokensTest {
  private static final ObjectNode POD =
      Json.parseObject(
          """
          {"metadata": {"name": "p", "namespace": "n", "uid": "u"},
           "spec": {"volumes": [{"name": "v", "projected": {"sources": [
             {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
             {"configMap": {"name": "kube-root-ca.crt"}}]}}]}}""");
  private static final JsonNode SOURCE =
      POD.at("/spec/volumes/0/projected/sources/0/serviceAccountToken");

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean refuses;
  private volatile Duration ahead = Duration.ZERO;
  private volatile Optional<CountDownLatch> holds = Optional.empty();
  private final Tokens tokens = new Tokens(new Answers(), () -> now);

  private final class Answers implements References {
    @Override
    public Optional<ObjectNode> find(String kind, String namespace, String name) {
      return Optional.empty();
    }

    @Override
    public Token token(TokenWish wish) {
      Instant begun = now;
      holds.ifPresent(TokensTest::await);
      int number = asked.incrementAndGet();
      if (refuses) {
        throw new MissingReferenceException("no account yet");
      }
      return new Token("token-" + number, begun.plusSeconds(wish.seconds()).minus(ahead));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String token() {
    return tokens.of(POD, SOURCE);
  }

  @Test
  void whatWasForeseenIsAskedOnceAndRenewedInTime() {
    tokens.foresee(POD);
    assertEquals("token-1", token());
    assertEquals("token-1", token());
    assertEquals(Optional.of(now.plus(Duration.ofMinutes(48))), tokens.due());
    now = now.plus(Duration.ofMinutes(49));
    assertEquals("token-2", token());
  }

  @Test
  void nobodyWaitsBeforeHeNeedsIt() {
    CountDownLatch latch = new CountDownLatch(1);
    holds = Optional.of(latch);
    tokens.foresee(POD);
    assertEquals(0, asked.get());
    latch.countDown();
    assertEquals("token-1", token());
  }

  @Test
  void oneThatIsOldBeforeItIsUsedIsAskedForAnew() {
    CountDownLatch begun = new CountDownLatch(1);
    holds = Optional.of(begun);
    tokens.foresee(POD);
    begun.countDown();
    while (asked.get() == 0) {
      Thread.onSpinWait();
    }
    now = now.plus(Duration.ofMinutes(40)); // the image was large
    assertEquals("token-2", token());
  }

  @Test
  void anAccountThatComesLaterIsAskedForAgain() {
    refuses = true;
    tokens.foresee(POD);
    assertThrows(MissingReferenceException.class, this::token);
    assertEquals(Optional.of(now.plusSeconds(30)), tokens.due(), "a container that runs on");
    refuses = false;
    assertTrue(token().startsWith("token-"));
    assertEquals(Optional.of(now.plus(Duration.ofMinutes(48))), tokens.due());
  }

  /// Its end lies before now, for ever: the worker must not ask without a pause.
  @Test
  void aClockThatIsAheadOfTheServersMakesNoStorm() {
    ahead = Duration.ofHours(2);
    assertEquals("token-1", token());
    assertEquals(Optional.of(now.plusSeconds(30)), tokens.due());
    assertEquals("token-1", token());
    now = now.plusSeconds(31);
    assertEquals("token-2", token());
  }

  @Test
  void oneThatCannotBeRenewedStays() {
    assertEquals("token-1", token());
    refuses = true;
    now = now.plus(Duration.ofMinutes(50));
    assertEquals("token-1", token());
    assertEquals(Optional.of(now.plusSeconds(30)), tokens.due());
  }
}
