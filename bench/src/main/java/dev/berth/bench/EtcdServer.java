package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One etcd, as Debian's package brings it and with its own defaults, without TLS and access
/// control: what ours pays for both it does not.
final class EtcdServer implements AutoCloseable {
  private final Server server;
  private final int port;

  private EtcdServer(Server server, int port) {
    this.server = server;
    this.port = port;
  }

  static Optional<Path> installed() {
    return Tool.peer("etcd", "etcd-server");
  }

  /// Returns when it answers.
  static EtcdServer start(Path binary, Path directory) throws IOException {
    int port = Server.freePort();
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + Server.freePort();
    Server server =
        Server.start(
            List.of(
                binary.toString(),
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--log-level=error"),
            directory.resolve("etcd.log"));
    EtcdServer etcd = new EtcdServer(server, port);
    try (EtcdLine line = etcd.line()) {
      line.awaitReady();
      return etcd;
    } catch (RuntimeException e) {
      server.close();
      throw new IOException("etcd did not start; see " + directory.resolve("etcd.log"), e);
    }
  }

  /// A connection of its own.
  EtcdLine line() {
    return new EtcdLine(port);
  }

  Server process() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }
}
