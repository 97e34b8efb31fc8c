package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The two servers of a suite, on the same disk. Closes what it has started.
///
/// @param etcd empty where it is not installed
record Peers(BerthServer berth, Optional<EtcdServer> etcd) implements AutoCloseable {
  static final String ETCD = "etcd";

  /// How long each works before the first turn: a server runs for days, but a JVM compiles what is
  /// hot in the first half minute, and those seconds would be counted as the work's own. Both
  /// clients are in such a JVM, too: this one.
  static final Duration WARM_UP = Duration.ofSeconds(30);

  static Peers start(Path launcher, Path directory) throws IOException, InterruptedException {
    BerthServer berth = BerthServer.start(launcher, directory);
    try {
      Optional<Path> binary = EtcdServer.installed();
      return new Peers(
          berth,
          binary.isPresent()
              ? Optional.of(EtcdServer.start(binary.get(), directory))
              : Optional.empty());
    } catch (IOException | RuntimeException e) {
      berth.close();
      throw e;
    }
  }

  @Override
  public void close() {
    berth.close();
    etcd.ifPresent(EtcdServer::close);
  }
}
