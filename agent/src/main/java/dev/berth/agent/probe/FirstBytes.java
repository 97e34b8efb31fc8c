package dev.berth.agent.probe;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Takes the beginning of an answer and hangs up on the rest: the status decides, a server of an
/// ordinary size is let to finish, and one that never ends keeps nobody busy.
final class FirstBytes implements HttpResponse.BodySubscriber<Long> {
  /// As much as Kubernetes' probes read.
  private static final long MOST = 10 * 1024;

  private final CompletableFuture<Long> read = new CompletableFuture<>();
  private Flow.@Nullable Subscription rest;
  private long bytes;

  /// How many bytes were read.
  @Override
  public CompletionStage<Long> getBody() {
    return read;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    rest = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    bytes += pieces.stream().mapToLong(ByteBuffer::remaining).sum();
    Flow.Subscription from = rest;
    if (from == null) {
      return;
    }
    if (bytes < MOST) {
      from.request(1);
    } else {
      from.cancel();
      read.complete(bytes);
    }
  }

  @Override
  public void onError(Throwable broken) {
    read.completeExceptionally(broken);
  }

  @Override
  public void onComplete() {
    read.complete(bytes);
  }
}
