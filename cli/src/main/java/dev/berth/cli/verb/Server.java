package dev.berth.cli.verb;

import dev.berth.api.Json;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/// Where the API is. What is said on the command line wins over the environment, which wins over
/// the default: `--kubeconfig`, `--data-dir`, `BERTH_DATA_DIR`, `KUBECONFIG`, `/var/lib/berth`.
public final class Server {
  public static final Path DEFAULT_DATA_DIR = Path.of("/var/lib/berth");

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Kubeconfig of the server (else --data-dir, BERTH_DATA_DIR, KUBECONFIG, /var/lib/berth).")
  @Nullable Path kubeconfig;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory of a Berth on this host: its admin.kubeconfig is used.")
  @Nullable Path dataDir;

  /// The data directory on this host: as given, else the environment's, else the default.
  public static Path dataDir(@Nullable Path given) {
    String env = System.getenv().getOrDefault("BERTH_DATA_DIR", "");
    Path dir = given != null ? given : env.isEmpty() ? DEFAULT_DATA_DIR : Path.of(env);
    return dir.toAbsolutePath().normalize();
  }

  public ApiClient open() throws IOException {
    Path file = file(System.getenv());
    if (!Files.isReadable(file)) {
      throw unreadable(file);
    }
    return ApiClient.fromKubeconfig(file);
  }

  /// The options that make another invocation talk to the same server, for hints.
  public String asOptions() {
    if (kubeconfig != null) {
      return " --kubeconfig " + kubeconfig;
    }
    return dataDir == null ? "" : " --data-dir " + dataDir;
  }

  /// The address as it works from this host: with the ingress port of the Berth whose kubeconfig
  /// this is, where that is known and not the default of HTTP.
  public String reachable(String url) {
    Path settings = file(System.getenv()).toAbsolutePath().resolveSibling("berth.json");
    try {
      String port = Json.text(Json.parse(Files.readAllBytes(settings)), "ingressPort");
      URI parts = URI.create(url);
      boolean plain = parts.getPort() < 0 && !port.isEmpty() && !port.equals("80");
      return url.isEmpty() || !plain
          ? url
          : parts.getScheme() + "://" + parts.getHost() + ":" + port + parts.getRawPath();
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return url;
    }
  }

  /// Hints for a server that does not answer: how to start it and its log, if its data directory is
  /// on this host, else the file that has the address.
  List<String> whereToLook() {
    return whereToLook(file(System.getenv()).toAbsolutePath().normalize());
  }

  static List<String> whereToLook(Path kubeconfig) {
    Path log = kubeconfig.resolveSibling("berth.log");
    Path dir = kubeconfig.getParent();
    if (dir == null || !Files.exists(log)) {
      return List.of(Problems.UP, "the address is that of " + kubeconfig);
    }
    String option = dir.equals(DEFAULT_DATA_DIR) ? "" : " --data-dir " + dir;
    return List.of(Problems.UP + option, "see what it says: " + log);
  }

  Path file(Map<String, String> env) {
    if (kubeconfig != null) {
      return kubeconfig;
    }
    if (dataDir != null) {
      return inDataDir(dataDir);
    }
    String dir = env.getOrDefault("BERTH_DATA_DIR", "");
    if (!dir.isEmpty()) {
      return inDataDir(Path.of(dir));
    }
    String config = env.getOrDefault("KUBECONFIG", "");
    return config.isEmpty() ? inDataDir(DEFAULT_DATA_DIR) : Path.of(config.split(":", -1)[0]);
  }

  private static Path inDataDir(Path dir) {
    return dir.resolve("admin.kubeconfig");
  }

  private static Failure unreadable(Path file) {
    Path dir = file.toAbsolutePath().getParent();
    boolean hidden =
        Files.exists(file) || (dir != null && Files.isDirectory(dir) && !Files.isReadable(dir));
    return hidden
        ? new Failure(
            Exit.UNREACHABLE,
            "cannot read " + file + ": it is readable by its owner only",
            "run as that user (sudo), or give a kubeconfig of your own: --kubeconfig FILE")
        : new Failure(
            Exit.UNREACHABLE,
            "there is no kubeconfig at " + file + ": no Berth was started here",
            "start one: sudo berth up --detach",
            "or name another: --data-dir DIR, --kubeconfig FILE");
  }
}
