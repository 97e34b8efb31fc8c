package dev.berth.cli.host;

import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Whether the API answers and says that a node is Ready.
final class NodeReady {
  private static final long ASK_EVERY_MILLIS = 100;

  private NodeReady() {}

  /// Asks until it is, or the time is over.
  static boolean within(Duration limit, Path kubeconfig, String node, InstantSource clock)
      throws InterruptedException {
    Instant end = clock.instant().plus(limit);
    CountDownLatch never = new CountDownLatch(1);
    while (!now(kubeconfig, node)) {
      if (clock.instant().isAfter(end) || never.await(ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  static boolean now(Path kubeconfig, String node) {
    if (!Files.isReadable(kubeconfig)) {
      return false;
    }
    try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
      return client
          .find(Kinds.NODE, new ObjectKey("", node))
          .filter(found -> Conditions.isTrue(found, "Ready"))
          .isPresent();
    } catch (ApiException | UncheckedIOException e) {
      return false;
    }
  }
}
