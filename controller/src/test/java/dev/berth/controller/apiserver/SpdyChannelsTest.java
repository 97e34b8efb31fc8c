package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.controller.spdy.SpdyPeer;
import dev.berth.controller.spdy.SpdySession;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// An exec's streams, and clients that use them otherwise than they should.
class SpdyChannelsTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SpdyPeer client = new SpdyPeer();
  private final SpdySession session = SpdySession.over(client);

  private int open(String type) throws InterruptedException {
    client.open(Map.of("streamtype", type));
    return client.last();
  }

  @Test
  void aClientThatOpensOnlyOtherStreamsIsClosedInTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Thread opening =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (over.getCount() > 0) {
                      open("other");
                      client.isHeard();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      assertTimeoutPreemptively(
          PATIENCE,
          () ->
              assertThrows(
                  IOException.class,
                  () -> new SpdyChannels(session, 2, Duration.ofMillis(300), CLOCK).close()));
      assertTrue(client.isClosed());
    } finally {
      over.countDown();
      opening.interrupt();
    }
  }

  @Test
  void whatAClientSendsWhereNobodyReadsHoldsNothingUp() throws Exception {
    int stdout = open("stdout");
    int stdin = open("stdin");
    SpdyChannels channels = new SpdyChannels(session, 2, PATIENCE, CLOCK);
    for (int i = 0; i < 20; i++) {
      assertTrue(client.send(stdout, new byte[32 * 1024]), "after " + i);
    }
    client.send(stdin, new byte[] {'x'});
    byte[] message = assertTimeoutPreemptively(PATIENCE, channels::receive).orElseThrow();
    assertEquals("\0x", new String(message, java.nio.charset.StandardCharsets.UTF_8));
    session.close();
  }

  @Test
  void aClientThatStillSendsWhenTheProgramHasEndedHoldsNoThread() throws Exception {
    int stdin = open("stdin");
    SpdyChannels channels = new SpdyChannels(session, 1, PATIENCE, CLOCK);
    CountDownLatch gone = new CountDownLatch(1);
    session.onGone(gone::countDown);
    while (client.send(stdin, new byte[32 * 1024], 300)) {
      // until everybody waits
    }
    channels.close();
    assertTrue(gone.await(20, TimeUnit.SECONDS));
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          while (channels.receive().isPresent()) {
            // what was on its way
          }
        });
  }
}
