package dev.berth.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// What stands between a client and its replicas: one thread each, keep-alive on both sides.
final class Proxies {
  private static final long READY_SECONDS = 30;

  private final Bench bench;

  Proxies(Bench bench) {
    this.bench = bench;
  }

  /// One that listens.
  record Proxy(Server process, int port) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  /// Ours, under the flags of the launcher for what lives long.
  Proxy gateway(List<Integer> replicas) throws IOException, InterruptedException {
    Path told = dir("gateway").resolve("port" + replicas.getFirst());
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "-XX:MetaspaceSize=64m",
                "-Xms32m",
                "-Xmx384m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayProcess.class.getName(),
                told.toString()));
    replicas.forEach(port -> command.add(Integer.toString(port)));
    Server server = Server.start(command, dir("gateway").resolve("log"));
    server.awaitFile(told, "\n", READY_SECONDS);
    return new Proxy(server, Integer.parseInt(Files.readString(told).strip()));
  }

  Proxy nginx(Path binary, List<Integer> replicas) throws IOException, InterruptedException {
    int port = Server.freePort();
    String upstream =
        replicas.stream().map(r -> "server 127.0.0.1:" + r + ";").collect(Collectors.joining(" "));
    return nginx(
        binary,
        port,
        """
        upstream replicas { %s keepalive 512; keepalive_requests 1000000000; }
        server {
          listen 127.0.0.1:%d;
          location / {
            proxy_pass http://replicas;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
          }
        }
        """
            .formatted(upstream, port));
  }

  /// A replica that answers at once with 1 KB.
  Proxy replica(Path nginx) throws IOException, InterruptedException {
    int port = Server.freePort();
    return nginx(
        nginx,
        port,
        "server { listen 127.0.0.1:%d; location / { return 200 \"%s\"; } }"
            .formatted(port, "x".repeat(StandIn.ANSWER)));
  }

  private Proxy nginx(Path binary, int port, String servers)
      throws IOException, InterruptedException {
    Path dir = dir("nginx" + port);
    Path config =
        Files.writeString(
            dir.resolve("nginx.conf"),
            """
            user root;
            daemon off;
            master_process off;
            worker_processes 1;
            pid %1$s/pid;
            error_log %1$s/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              keepalive_timeout 1h;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              %2$s
            }
            """
                .formatted(dir, servers));
    List<String> command =
        List.of(
            binary.toString(), "-p", dir.toString(), "-e", dir + "/error.log", "-c", "" + config);
    return listening(Server.start(command, dir.resolve("log")), port, dir);
  }

  /// To the replica that is asked least.
  Proxy haproxy(Path binary, List<Integer> replicas) throws IOException, InterruptedException {
    int port = Server.freePort();
    Path dir = dir("haproxy" + port);
    StringBuilder servers = new StringBuilder();
    replicas.forEach(r -> servers.append("  server r%1$d 127.0.0.1:%1$d\n".formatted(r)));
    Path config =
        Files.writeString(
            dir.resolve("haproxy.cfg"),
            """
            global
              nbthread 1
              maxconn 4096
            defaults
              mode http
              timeout connect 3s
              timeout client 1h
              timeout server 1h
            frontend near
              bind 127.0.0.1:%d
              default_backend far
            backend far
              balance leastconn
              http-reuse always
            %s\
            """
                .formatted(port, servers));
    Server server =
        Server.start(List.of(binary.toString(), "-db", "-f", "" + config), dir.resolve("log"));
    return listening(server, port, dir);
  }

  private Path dir(String name) throws IOException {
    return Files.createDirectories(bench.work().resolve(name));
  }

  private static Proxy listening(Server server, int port, Path dir)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Proxy(server, port);
      } catch (IOException e) {
        if (!server.isAlive() || System.nanoTime() > until) {
          server.close();
          throw new IOException("nobody listens; see " + dir, e);
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }
}
