package dev.berth.bench;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Containers;
import dev.berth.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ways to run the stamp in a container of ours that runs already.
final class ExecStarters {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ExecStarters() {}

  /// As the agent runs a probe.
  static Starter engine(Containers containers, Container container, ContainerSpec spec) {
    return new Simple(
        () -> {
          Containers.ExecResult result =
              containers.exec(container, spec, List.of("/stamp"), PATIENCE);
          return result.output();
        });
  }

  /// As `kubectl exec` does it, but for its process: a WebSocket through API and agent.
  static Starter api(ApiClient client, String pod, String container) {
    String path =
        "/api/v1/namespaces/default/pods/"
            + pod
            + "/exec?command=/stamp&stdout=true&stderr=true&container="
            + container;
    return new Simple(
        () -> {
          Answer answer = new Answer();
          client.webSocket(path, List.of("v5.channel.k8s.io"), answer);
          return answer.ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        });
  }

  private interface Asked {
    String answer() throws Exception;
  }

  private record Simple(Asked asked) implements Starter {
    @Override
    public Start once(int lane) throws Exception {
      long begin = System.nanoTime();
      String answer = asked.answer();
      long end = System.nanoTime() - begin;
      return new Start(Long.parseLong(answer.strip()) - begin, OptionalLong.of(end), end);
    }

    @Override
    public void close() {}
  }

  /// What comes on channel 1, standard output; complete when the server has closed.
  private static final class Answer implements WebSocket.Listener {
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      message.writeBytes(bytes);
      if (last) {
        byte[] whole = message.toByteArray();
        message.reset();
        if (whole.length > 1 && whole[0] == 1) {
          out.write(whole, 1, whole.length - 1);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ended.complete(out.toString(StandardCharsets.UTF_8));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended.completeExceptionally(error);
    }
  }
}
