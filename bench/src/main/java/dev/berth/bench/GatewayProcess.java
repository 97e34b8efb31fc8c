package dev.berth.bench;

import dev.berth.agent.endpoint.Callers;
import dev.berth.agent.endpoint.EndpointConfig;
import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import dev.berth.agent.endpoint.Gateway;
import dev.berth.api.modelapp.Protocol;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/// The agent's gateway alone in a process, wired as the agent does, so that its CPU can be told
/// from everything else's. Its one caller is this machine's loopback address.
public final class GatewayProcess {
  private static final String HERE = "127.0.0.1";
  private static final String KEY = "bench/model";

  private GatewayProcess() {}

  /// Goes on until it is ended.
  ///
  /// @param args file that is told the port; ports of the replicas
  public static void main(String[] args) throws IOException, InterruptedException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
    Gateway gateway =
        new Gateway(
            vertx,
            HERE,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Clock.systemUTC(),
            System::nanoTime,
            ThreadLocalRandom.current(),
            () -> UUID.randomUUID().toString());
    Map<String, String> labels =
        Map.of("berth.dev/modelapp", "bench", "berth.dev/component", "app");
    gateway.callers(new Callers(Map.of(HERE, new Callers.Caller("bench", "app", labels))));
    List<ReplicaAddress> replicas = new ArrayList<>();
    for (String port : List.of(args).subList(1, args.length)) {
      replicas.add(new ReplicaAddress(HERE, Integer.parseInt(port), "r1"));
    }
    EndpointConfig config =
        new EndpointConfig(
            "bench",
            "bench",
            "model",
            Protocol.HTTP,
            "bench",
            "",
            "",
            Duration.ofSeconds(30),
            0,
            replicas);
    gateway.apply(Map.of(KEY, config));
    Path file = Path.of(args[0]);
    Path next = Path.of(args[0] + ".new");
    Files.writeString(next, gateway.ports().get(KEY) + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    new CountDownLatch(1).await();
  }
}
