package dev.berth.cli.host;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.ListOptions;
import dev.berth.client.WatchOptions;
import dev.berth.controller.Controller;
import dev.berth.controller.ControllerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/// What a controller does in its first second, once through, or what people ask of one, so that the
/// JVM can write down which classes that needs: only [StartupCache] and `deploy/package` start it.
/// No root, no port of anybody's.
@Command(name = "berth rehearse", hidden = true, description = "Start once for the JVM's cache.")
public final class RehearseVerb extends Verb {
  private static final List<List<String>> ASKED =
      List.of(
          List.of("get", "pods", "-A"),
          List.of("get", "modelapps", "-o", "yaml"),
          List.of("status"),
          List.of("events"),
          List.of("version"));

  private final Play play;

  private RehearseVerb(Terminal terminal, Play play) {
    super(terminal);
    this.play = play;
  }

  private interface Play {
    void with(Path kubeconfig) throws IOException;
  }

  public static RehearseVerb ofServers(Terminal terminal) {
    return new RehearseVerb(terminal, RehearseVerb::serve);
  }

  /// The verbs themselves, with the flags that the launcher gives them.
  ///
  /// @param run one command line, as it is typed
  public static RehearseVerb ofVerbs(Terminal terminal, Consumer<String[]> run) {
    return new RehearseVerb(
        terminal,
        kubeconfig -> {
          for (List<String> words : ASKED) {
            List<String> line = new ArrayList<>(words);
            line.add("--kubeconfig=" + kubeconfig);
            run.accept(line.toArray(String[]::new));
          }
        });
  }

  @Override
  protected Exit run() throws IOException {
    Path dir = Files.createTempDirectory("berth-rehearsal");
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("berth-rehearsal-end").unstarted(() -> remove(dir)));
    ControllerConfig config =
        new ControllerConfig(
            dir,
            "127.0.0.1",
            0,
            Cidr.parse("10.244.0.0/16"),
            Cidr.parse("10.96.0.0/16"),
            List.of());
    try (Controller controller = Controller.start(config)) {
      play.with(controller.adminKubeconfig());
    }
    return Exit.OK;
  }

  private static void serve(Path kubeconfig) throws IOException {
    try (ApiClient client = ApiClient.fromKubeconfig(kubeconfig)) {
      play(client);
    }
  }

  private static void play(ApiClient client) throws IOException {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", "rehearsal").put("namespace", "default");
    ObjectNode made = client.create(Kinds.CONFIG_MAP, map);
    ObjectKey key = ObjectKey.of(made);
    client.get(Kinds.CONFIG_MAP, key);
    var list = client.list(Kinds.CONFIG_MAP, "default", ListOptions.ALL);
    try (var _ =
        client.watch(
            Kinds.CONFIG_MAP, "default", WatchOptions.from(list.resourceVersion()), _ -> {})) {
      made.putObject("data").put("a", "b");
      client.replace(Kinds.CONFIG_MAP, made);
    }
    client.delete(Kinds.CONFIG_MAP, key, DeleteOptions.DEFAULT);
    try (InputStream metrics = client.raw("GET", "/metrics").body()) {
      metrics.readAllBytes();
    }
  }

  private static void remove(Path dir) {
    try {
      DataDir.remove(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
