package dev.berth.agent.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import dev.berth.api.modelapp.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointTest {
  private final AtomicLong clock = new AtomicLong();

  private static EndpointConfig config(int replicas, int concurrency) {
    List<ReplicaAddress> addresses =
        IntStream.range(0, replicas)
            .mapToObj(i -> new ReplicaAddress("10.0.0." + i, 80, "r1"))
            .toList();
    return new EndpointConfig(
        "ns",
        "app",
        "app-model",
        Protocol.HTTP,
        "m",
        "1.4",
        "",
        Duration.ofSeconds(1),
        concurrency,
        addresses);
  }

  private Endpoint endpoint(int replicas, int concurrency) {
    return new Endpoint(config(replicas, concurrency), clock::get, new Random(7));
  }

  @Test
  void withoutReplicasARequestIsRefusedAtOnce() {
    CompletionException e =
        assertThrows(CompletionException.class, () -> endpoint(0, 0).acquire().join());
    assertTrue(
        e.getCause() instanceof Endpoint.Refused r
            && r.refusal == Endpoint.Refusal.NO_READY_REPLICA);
  }

  @Test
  void aSlowReplicaGetsFewRequests() {
    Endpoint endpoint = endpoint(2, 0);
    int slow = 0;
    for (int i = 0; i < 200; i++) {
      Replica r = endpoint.acquire().join();
      boolean isSlow = r.address.address().endsWith(".1");
      slow += isSlow ? 1 : 0;
      clock.addAndGet(1_000_000);
      endpoint.release(r, isSlow ? 100_000_000 : 1_000_000);
    }
    assertTrue(slow < 20, "slow replica got " + slow);
  }

  @Test
  void aBusyEndpointQueuesInOrderAndServesOnRelease() {
    Endpoint endpoint = endpoint(1, 1);
    Replica only = endpoint.acquire().join();
    CompletableFuture<Replica> first = endpoint.acquire();
    CompletableFuture<Replica> second = endpoint.acquire();
    assertFalse(first.isDone());
    endpoint.release(only, 1);
    assertTrue(first.isDone());
    assertFalse(second.isDone());
  }

  @Test
  void theQueueIsBoundedInLengthAndTime() {
    Endpoint endpoint = endpoint(1, 1);
    endpoint.acquire().join();
    List<CompletableFuture<Replica>> waiting = new ArrayList<>();
    for (int i = 0; i < Endpoint.QUEUE; i++) {
      waiting.add(endpoint.acquire());
    }
    assertTrue(endpoint.acquire().isCompletedExceptionally());
    clock.set(Endpoint.PATIENCE_NANOS);
    endpoint.sweep();
    assertTrue(waiting.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    CompletionException late =
        assertThrows(CompletionException.class, () -> waiting.getFirst().join());
    assertTrue(
        late.getCause() instanceof Endpoint.Refused r
            && r.refusal == Endpoint.Refusal.QUEUE_TIMEOUT);
    assertEquals(0, endpoint.queued());
  }

  @Test
  void aNewReplicaServesThoseWhoWait() {
    Endpoint endpoint = endpoint(1, 1);
    endpoint.acquire().join();
    CompletableFuture<Replica> waiting = endpoint.acquire();
    endpoint.update(config(2, 1));
    assertEquals("10.0.0.1", waiting.join().address.address());
  }

  @Test
  void whoLeavesTheLineGetsNoReplica() {
    Endpoint endpoint = endpoint(1, 1);
    Replica only = endpoint.acquire().join();
    CompletableFuture<Replica> first = endpoint.acquire();
    CompletableFuture<Replica> second = endpoint.acquire();
    assertTrue(endpoint.leave(first));
    endpoint.release(only, 1);
    assertTrue(first.isCancelled());
    assertTrue(second.isDone());
    assertFalse(second.isCancelled());
  }
}
