package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who is told that a request is over.
class TunnelStreamTest {
  private final List<Integer> sent = new ArrayList<>();
  private final TunnelStream stream =
      new TunnelStream(
          new TunnelStream.Line() {
            @Override
            public String node() {
              return "alpha";
            }

            @Override
            public void send(TunnelFrame frame) {
              sent.add(frame.type());
            }

            @Override
            public void forget(int id) {}
          },
          1);

  private static TunnelFrame frame(int type) {
    return new TunnelFrame(type, 1, new byte[0]);
  }

  @Test
  void aClientThatLeavesAFollowedLogEndsItAtTheAgentToo() {
    stream.cancel("the client has gone");
    assertThrows(IOException.class, () -> stream.body().readAllBytes());
    stream.close();
    assertEquals(List.of(TunnelFrame.RESET), sent);
  }

  @Test
  void anAgentThatHasGoneIsToldNothing() {
    stream.lost("the connection to node alpha was lost");
    stream.close();
    assertEquals(List.of(), sent);
  }

  @Test
  void anAgentThatGaveUpIsToldNothing() {
    stream.receive(frame(TunnelFrame.RESET));
    stream.close();
    assertEquals(List.of(), sent);
  }

  @Test
  void anAnswerThatHasEndedNeedsNoWord() throws IOException {
    stream.receive(frame(TunnelFrame.END));
    assertEquals(0, stream.body().readAllBytes().length);
    stream.close();
    assertEquals(List.of(), sent);
  }

  @Test
  void anAgentThatSendsMoreThanItMayFillsNoMemory() {
    for (int i = 0; i < 5; i++) {
      stream.receive(new TunnelFrame(TunnelFrame.DATA, 1, new byte[64 * 1024]));
    }
    assertThrows(IOException.class, () -> stream.body().readAllBytes());
    stream.close();
    assertEquals(List.of(TunnelFrame.RESET), withoutCredit());
  }

  @Test
  void anAgentThatIsReadSendsOn() throws IOException {
    var body = stream.body();
    for (int i = 0; i < 20; i++) {
      stream.receive(new TunnelFrame(TunnelFrame.DATA, 1, new byte[64 * 1024]));
      assertEquals(64 * 1024, body.readNBytes(64 * 1024).length);
    }
    assertEquals(List.of(), withoutCredit());
  }

  @Test
  void anAnswerThatNeverEndsIsEnded() {
    stream.receive(new TunnelFrame(TunnelFrame.DATA, 1, new byte[] {1}));
    stream.endWithin(1);
    assertThrows(IOException.class, () -> stream.body().readAllBytes());
  }

  @Test
  void anAgentThatTakesNothingHoldsNobody() {
    assertThrows(IOException.class, () -> stream.send(new byte[300_000], 1));
  }

  @Test
  void whoStillSendsWhenTheRequestIsOverIsLetGo() throws Exception {
    CompletableFuture<IOException> refused = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                refused.complete(
                    assertThrows(
                        IOException.class,
                        () -> stream.send(new byte[300_000], TimeUnit.DAYS.toMillis(1)))));
    stream.close();
    refused.get(20, TimeUnit.SECONDS);
    for (int i = 0; i < 10; i++) {
      assertThrows(IOException.class, () -> stream.send(new byte[64 * 1024], 1));
    }
    assertEquals(TunnelFrame.RESET, sent.getLast());
  }

  @Test
  void whoStillReadsWhenTheRequestIsOverIsLetGo() throws Exception {
    CompletableFuture<IOException> cut = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                cut.complete(assertThrows(IOException.class, () -> stream.body().readAllBytes())));
    stream.close();
    cut.get(20, TimeUnit.SECONDS);
  }

  private List<Integer> withoutCredit() {
    return sent.stream().filter(type -> type != TunnelFrame.CREDIT).toList();
  }

  @Test
  void anAnswerThatIsCutOffIsNoEnd() {
    stream.receive(new TunnelFrame(TunnelFrame.DATA, 1, new byte[] {1}));
    stream.lost("the connection to node alpha was lost");
    assertThrows(IOException.class, () -> stream.body().readAllBytes());
  }
}
