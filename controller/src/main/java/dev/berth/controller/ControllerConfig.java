package dev.berth.controller;

import dev.berth.api.Cidr;
import java.nio.file.Path;
import java.util.List;

/// What a controller is started with; port 0 means any free one.
public record ControllerConfig(
    Path dataDir,
    String bindAddress,
    int port,
    Cidr podCidr,
    Cidr serviceCidr,
    List<String> extraSans) {
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
    return new ControllerConfig(dataDir, bindAddress, other, podCidr, serviceCidr, extraSans);
  }
}
