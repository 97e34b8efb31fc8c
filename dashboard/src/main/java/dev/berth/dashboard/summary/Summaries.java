package dev.berth.dashboard.summary;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.dashboard.port.ClusterView;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The newest summary of each scene. Traffic changes while nothing is written, so it is made anew
/// once a second even of the same scene, when somebody asks.
public final class Summaries {
  private static final Duration PACE = Duration.ofSeconds(1);

  private final ClusterView cluster;
  private final Traffic traffic;
  private final InstantSource clock;

  public Summaries(ClusterView cluster, Traffic traffic, InstantSource clock) {
    this.cluster = cluster;
    this.traffic = traffic;
    this.clock = clock;
  }

  public Payload of(Scene scene) {
    return scene.remember("summary", Newest::new).get(scene);
  }

  private Payload make(Scene scene, Instant now) {
    byte[] content =
        Json.bytes(SummaryDocument.of(scene, traffic.figures(), cluster.version(), now));
    String digest = Payload.digest(content);
    byte[] head =
        ("{\"revision\":\"" + digest + "\",\"now\":\"" + Times.format(now) + "\",")
            .getBytes(StandardCharsets.UTF_8);
    // The time is no part of the tag, so it is put in front of what is: the object's first brace
    // gives way.
    byte[] whole = new byte[head.length + content.length - 1];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(content, 1, whole, head.length, content.length - 1);
    return Payload.of(whole, "application/json", digest);
  }

  /// Of one scene. Whoever comes while it is made waits for it.
  private final class Newest {
    private @Nullable Payload payload;
    private Instant made = Instant.EPOCH;

    synchronized Payload get(Scene scene) {
      Instant now = clock.instant();
      Payload known = payload;
      if (known == null || !now.isBefore(made.plus(PACE))) {
        known = make(scene, now);
        payload = known;
        made = now;
      }
      return known;
    }
  }
}
