package dev.berth.controller.spdy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a client can make the server hold.
class SpdySessionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long SHORT_MILLIS = 300;

  private final SpdyPeer client = new SpdyPeer();
  private final SpdySession session = SpdySession.over(client);

  @AfterEach
  void close() {
    session.close();
  }

  private SpdyStream opened() throws InterruptedException {
    client.open(Map.of("streamtype", "data"));
    return session.accept(PATIENCE).orElseThrow();
  }

  @Test
  void nothingIsLeftOfStreamsThatTheClientHasReset() throws Exception {
    for (int i = 0; i < 300; i++) {
      client.open(Map.of("streamtype", "data"));
      client.send(client.last(), new byte[32 * 1024]);
      client.reset(client.last());
    }
    assertTrue(client.isHeard());
    assertEquals(Optional.empty(), session.accept(Duration.ZERO).map(SpdyStream::id));
  }

  @Test
  void whatWaitsInAllStreamsTogetherIsBoundedUntilItIsReceived() throws Exception {
    List<SpdyStream> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(opened());
    }
    int frames = 0;
    while (frames < 100
        && client.send(streams.get(frames % 20).id(), new byte[32 * 1024], SHORT_MILLIS)) {
      frames++;
    }
    assertTrue(frames < 100, "all taken, 3 MiB that nobody received");
    streams.forEach(SpdyStream::ignoreInput);
    assertTrue(client.isHeard(), "the connection goes on");
  }

  @Test
  void bytesThatComeOneByOneAreCountedWithWhatKeepingThemCosts() throws Exception {
    opened();
    int sent = 0;
    while (sent < 20_000 && client.send(client.last(), new byte[1], SHORT_MILLIS)) {
      sent++;
    }
    assertTrue(sent < 20_000, "all taken");
  }

  @Test
  void aSessionThatIsClosedHoldsNoThread() throws Exception {
    SpdyStream stream = opened();
    CountDownLatch readerGone = new CountDownLatch(1);
    session.onGone(readerGone::countDown);
    while (client.send(client.last(), new byte[32 * 1024], SHORT_MILLIS)) {
      // until the reader waits for somebody who receives
    }
    session.close();
    assertTrue(readerGone.await(20, TimeUnit.SECONDS));
    assertEquals(Optional.empty(), stream.receive());
    assertTrue(stream.isBroken());
  }

  @Test
  void whoHasAllStreamsRefusesTheOthers() throws Exception {
    client.open(Map.of("streamtype", "data"));
    int before = client.last();
    assertTrue(client.isHeard());
    session.refuseMore();
    client.open(Map.of("streamtype", "data"));
    assertTrue(client.isHeard());
    assertTrue(client.isReset(before));
    assertTrue(client.isReset(client.last()));
  }
}
