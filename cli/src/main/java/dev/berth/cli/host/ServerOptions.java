package dev.berth.cli.host;

import dev.berth.cli.term.Failure;
import dev.berth.cli.verb.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `up`, and how they become settings.
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

  private Settings settings(Path dir) throws IOException {
    try {
      return Settings.of(given(), Settings.remembered(dir));
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
    return given;
  }

  private static void put(Map<String, String> values, String key, @Nullable Object value) {
    if (value != null) {
      values.put(key, value.toString());
    }
  }
}
