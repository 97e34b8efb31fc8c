package dev.berth.controller;

import dev.berth.api.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a controller is started with; port 0 means any free one.
///
/// @param audit whether requests are written down in `audit` of the data directory
/// @param secretKeys the file with the keys of Secrets at rest; empty for `pki/secrets.keys` of the
///   data directory
/// @param allowFileGit the folder below which GitRepositories may name `file://` URLs; empty for
///   nowhere
public record ControllerConfig(
    Path dataDir,
    String bindAddress,
    int port,
    Cidr podCidr,
    Cidr serviceCidr,
    List<String> extraSans,
    boolean audit,
    Optional<Path> secretKeys,
    Optional<Path> allowFileGit) {
  public static final int DEFAULT_PORT = 6443;

  public ControllerConfig {
    extraSans = List.copyOf(extraSans);
    if (podCidr.overlaps(serviceCidr)) {
      throw new IllegalArgumentException(
          "the pod network "
              + podCidr
              + " and the service network "
              + serviceCidr
              + " overlap; choose others with --pod-cidr and --service-cidr");
    }
  }

  /// With an audit log, and the keys of Secrets in the data directory.
  public ControllerConfig(
      Path dataDir,
      String bindAddress,
      int port,
      Cidr podCidr,
      Cidr serviceCidr,
      List<String> extraSans) {
    this(
        dataDir,
        bindAddress,
        port,
        podCidr,
        serviceCidr,
        extraSans,
        true,
        Optional.empty(),
        Optional.empty());
  }

  public static ControllerConfig defaults(Path dataDir) {
    return new ControllerConfig(
        dataDir,
        "0.0.0.0",
        DEFAULT_PORT,
        Cidr.parse("10.244.0.0/16"),
        Cidr.parse("10.96.0.0/16"),
        List.of());
  }

  public ControllerConfig withPort(int other) {
    return new ControllerConfig(
        dataDir,
        bindAddress,
        other,
        podCidr,
        serviceCidr,
        extraSans,
        audit,
        secretKeys,
        allowFileGit);
  }

  public ControllerConfig withAudit(boolean wanted) {
    return new ControllerConfig(
        dataDir,
        bindAddress,
        port,
        podCidr,
        serviceCidr,
        extraSans,
        wanted,
        secretKeys,
        allowFileGit);
  }

  public ControllerConfig withSecretKeys(Path file) {
    return new ControllerConfig(
        dataDir,
        bindAddress,
        port,
        podCidr,
        serviceCidr,
        extraSans,
        audit,
        Optional.of(file),
        allowFileGit);
  }

  public ControllerConfig withAllowFileGit(Path folder) {
    return new ControllerConfig(
        dataDir,
        bindAddress,
        port,
        podCidr,
        serviceCidr,
        extraSans,
        audit,
        secretKeys,
        Optional.of(folder));
  }
}
