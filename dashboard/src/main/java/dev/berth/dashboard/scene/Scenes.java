package dev.berth.dashboard.scene;

import dev.berth.dashboard.port.ClusterView;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Viewer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The newest scene of each viewer, made at most once a second for each set of rights, and only
/// when somebody looks. However many pages are open, the cluster is read no more often than that.
public final class Scenes {
  static final Duration PACE = Duration.ofSeconds(1);
  private static final int MOST_VIEWERS = 256;
  private static final int MOST_SCOPES = 32;

  private final ClusterView cluster;
  private final Rights rights;
  private final Recent<Viewer, Scope> scopes;
  private final Recent<Scope, Scene> scenes;

  public Scenes(ClusterView cluster, Rights rights, InstantSource clock) {
    this.cluster = cluster;
    this.rights = rights;
    this.scopes = new Recent<>(MOST_VIEWERS, clock);
    this.scenes = new Recent<>(MOST_SCOPES, clock);
  }

  public Scene of(Viewer viewer) {
    long revision = cluster.revision();
    Scope scope = scopes.get(viewer, revision, _ -> Scope.of(viewer, rights, cluster));
    return scenes.get(scope, revision, before -> new Scene(scope, cluster::list, before));
  }

  /// Values by key, each of a revision and a time.
  private static final class Recent<K, V> {
    private final InstantSource clock;
    private final Map<K, Made<V>> made;

    private record Made<V>(Instant at, long revision, V value) {}

    Recent(int most, InstantSource clock) {
      this.clock = clock;
      this.made =
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Made<V>> eldest) {
              return size() > most;
            }
          };
    }

    synchronized V get(K key, long revision, Function<Optional<V>, V> make) {
      Instant now = clock.instant();
      Made<V> known = made.get(key);
      boolean good =
          known != null && (known.revision() == revision || now.isBefore(known.at().plus(PACE)));
      if (known == null || !good) {
        known = new Made<>(now, revision, make.apply(Optional.ofNullable(known).map(Made::value)));
        made.put(key, known);
      }
      return known.value();
    }
  }
}
