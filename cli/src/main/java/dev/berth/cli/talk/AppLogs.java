package dev.berth.cli.talk;

import dev.berth.api.FieldSelector;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.util.Map;

/// What the pods of a ModelApp say from now on, each line behind its pod's name, until it is
/// closed.
public final class AppLogs implements AutoCloseable {
  private final Informer pods;
  private final Followers followers;

  private AppLogs(Informer pods, Followers followers) {
    this.pods = pods;
    this.followers = followers;
  }

  /// Of containers that run already only what comes; of later ones all.
  public static AppLogs follow(ApiClient client, ObjectKey app, Terminal terminal) {
    Followers followers =
        new Followers(
            client, new LinePrinter(terminal, true), new PodLog.Wanted(true, false, 0, ""));
    return new AppLogs(
        Informer.of(
            client,
            Kinds.POD,
            app.namespace(),
            LabelSelector.of(Map.of("berth.dev/modelapp", app.name())),
            FieldSelector.EVERYTHING,
            followers),
        followers);
  }

  @Override
  public void close() {
    pods.close();
    followers.close();
  }
}
