package dev.berth.controller;

import dev.berth.api.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
    return changed(draft -> draft.port = other);
  }

  public ControllerConfig withAudit(boolean wanted) {
    return changed(draft -> draft.audit = wanted);
  }

  public ControllerConfig withSecretKeys(Path file) {
    return changed(draft -> draft.secretKeys = Optional.of(file));
  }

  public ControllerConfig withAllowFileGit(Path folder) {
    return changed(draft -> draft.allowFileGit = Optional.of(folder));
  }

  private ControllerConfig changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new ControllerConfig(
        dataDir,
        bindAddress,
        draft.port,
        podCidr,
        serviceCidr,
        extraSans,
        draft.audit,
        draft.secretKeys,
        draft.allowFileGit);
  }

  /// What has a with-method.
  private static final class Draft {
    int port;
    boolean audit;
    Optional<Path> secretKeys;
    Optional<Path> allowFileGit;

    Draft(ControllerConfig from) {
      this.port = from.port;
      this.audit = from.audit;
      this.secretKeys = from.secretKeys;
      this.allowFileGit = from.allowFileGit;
    }
  }
}
