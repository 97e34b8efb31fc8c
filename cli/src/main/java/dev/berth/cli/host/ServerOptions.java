package dev.berth.cli.host;

import dev.berth.cli.term.Failure;
import dev.berth.cli.verb.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `up`, `controller` and `agent`, and how they become settings.
final class ServerOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where everything is kept (BERTH_DATA_DIR, else /var/lib/berth).")
  @Nullable Path dataDir;

  @Option(names = "--port", paramLabel = "PORT", description = "API, registry and metrics (6443).")
  @Nullable Integer port;

  @Option(names = "--ingress-port", paramLabel = "PORT", description = "HTTP for the apps (8080).")
  @Nullable Integer ingressPort;

  @Option(
      names = "--ingress-address",
      paramLabel = "IP",
      description = "Address that the ingress listens on (127.0.0.1).")
  @Nullable String ingressAddress;

  @Option(
      names = "--pod-cidr",
      paramLabel = "CIDR",
      description = "Addresses of pods (10.244.0.0/16).")
  @Nullable String podCidr;

  @Option(
      names = "--service-cidr",
      paramLabel = "CIDR",
      description = "Addresses of services (10.96.0.0/16).")
  @Nullable String serviceCidr;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "Name of this host's node (the host name).")
  @Nullable String nodeName;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "What a reboot may lose (/run/berth).")
  @Nullable Path runDir;

  @Option(
      names = "--audit",
      negatable = true,
      description = "Write requests down in DIR/audit, or not (they are).")
  @Nullable Boolean audit;

  @Option(
      names = "--secret-keys",
      paramLabel = "FILE",
      description = "Keys that seal Secrets on the disk (DIR/pki/secrets.keys).")
  @Nullable Path secretKeys;

  @Option(
      names = "--allow-file-git",
      paramLabel = "DIR",
      description = "GitRepositories may have file:// URLs below this folder ('' for none, as is).")
  @Nullable String allowFileGit;

  Path dataDir() {
    return Server.dataDir(dataDir);
  }

  /// Makes the data directory and remembers what was given.
  Settings settle() throws IOException {
    Path dir = dataDir();
    Files.createDirectories(
        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Settings settings = settings(dir);
    settings.save(dir);
    return settings;
  }

  /// Whether something was given that differs from what is remembered.
  boolean isOther() throws IOException {
    Path dir = dataDir();
    return !settings(dir).equals(Settings.of(Map.of(), Settings.remembered(dir)));
  }

  Settings settings(Path dir) throws IOException {
    try {
      Settings settings = Settings.of(given(), Settings.remembered(dir));
      List<String> problems = settings.problems();
      if (!problems.isEmpty()) {
        throw Failure.of(
            String.join("\n", problems),
            "correct the option" + (Files.exists(Settings.file(dir)) ? " or the file" : ""));
      }
      return settings;
    } catch (IllegalArgumentException e) {
      throw Failure.of(
          e.getMessage() + " (given, or remembered in " + Settings.file(dir) + ")",
          "correct the option or the file");
    }
  }

  private Map<String, String> given() {
    Map<String, String> given = new HashMap<>();
    put(given, "port", port);
    put(given, "ingressPort", ingressPort);
    put(given, "ingressAddress", ingressAddress);
    put(given, "podCidr", podCidr);
    put(given, "serviceCidr", serviceCidr);
    put(given, "nodeName", nodeName);
    put(given, "runDir", runDir == null ? null : runDir.toAbsolutePath());
    put(given, "audit", audit);
    put(given, "secretKeys", secretKeys == null ? null : secretKeys.toAbsolutePath());
    put(given, "allowFileGit", absolute(allowFileGit));
    return given;
  }

  /// An empty text stays one: it takes back what is remembered.
  private static @Nullable String absolute(@Nullable String folder) {
    return folder == null || folder.isEmpty()
        ? folder
        : Path.of(folder).toAbsolutePath().normalize().toString();
  }

  private static void put(Map<String, String> values, String key, @Nullable Object value) {
    if (value != null) {
      values.put(key, value.toString());
    }
  }
}
