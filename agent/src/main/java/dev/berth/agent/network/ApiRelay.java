package dev.berth.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of this host's pods to the API server: the address of the service `default/kubernetes`
/// leads here, and from here each connection goes on to where the agent itself finds the server.
///
/// Whatever the service's EndpointSlice says: that address may be a loopback (`berth up` on a host
/// without a network), lie behind a translation or a balancer, or be one that the host's firewall
/// keeps from pods. What the agent's kubeconfig names is reached, else this host were not Ready.
/// Bytes are passed as they come: TLS is between the pod and the server, whose certificate names
/// `kubernetes.default.svc`. A restart of the agent ends the connections, as one of the server
/// would; clients dial again.
///
/// Each address may hold 256 connections, all of them 2048 and a few of each ([Admission]), so that
/// no pod keeps the server from the others or fills this process; one more is closed at once, which
/// the log tells [Seldom]. Two virtual threads for each.
public final class ApiRelay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApiRelay.class);
  private static final int HTTPS = 443;
  private static final int BACKLOG = 128;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 100;

  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /// A client that is gone without a word is noticed after 30 + 3 x 10 seconds.
  private static final int IDLE_SECONDS = 30;

  private static final int PROBE_SECONDS = 10;
  private static final int PROBES = 3;

  private final Supplier<URI> server;
  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Admission<InetAddress> admission = new Admission<>();
  private final Seldom seldom = new Seldom(InstantSource.system());

  /// Listens at once, on any free port.
  ///
  /// @param address of the bridge: pods reach no other of this host
  /// @param server where the API server is now; asked for each connection
  public ApiRelay(String address, Supplier<URI> server) {
    this.server = server;
    try {
      this.socket = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral(address));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen for the API server on " + address, e);
    }
    Thread.ofVirtual().name("api-relay").start(this::accept);
  }

  /// Where the service's address must lead.
  public Target target() {
    return new Target(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        if (admit(client)) {
          Thread.ofVirtual().name("api-relay-out").start(() -> serve(client));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          if (seldom.tell(this)) {
            log.atWarn().setCause(e).log("cannot take a pod's connection to the API server");
          }
          pause();
        }
      }
    }
  }

  /// No descriptor is free: trying at once would not find one either.
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean admit(Socket client) {
    InetAddress from = client.getInetAddress();
    Admission.Verdict verdict = admission.admit(from);
    if (verdict != Admission.Verdict.ADMITTED) {
      close(client);
      tell(from, verdict);
      return false;
    }
    open.add(client);
    if (socket.isClosed()) {
      leave(client);
      return false;
    }
    return true;
  }

  private void tell(InetAddress from, Admission.Verdict verdict) {
    boolean full = verdict == Admission.Verdict.FULL;
    if (seldom.tell(full ? verdict : from)) {
      log.atWarn()
          .addKeyValue("pod", from.getHostAddress())
          .addKeyValue("connections", full ? Admission.MOST : Admission.MOST_OF_ONE)
          .log(
              full
                  ? "the pods of this host hold all connections to the API server there are"
                  : "a pod may hold no more connections to the API server");
    }
  }

  private void leave(Socket client) {
    if (open.remove(client)) {
      admission.leave(client.getInetAddress());
    }
    close(client);
  }

  private void serve(Socket client) {
    try (Socket api = new Socket()) {
      stayAware(client);
      stayAware(api);
      api.connect(address(server.get()), CONNECT_MILLIS);
      Thread in = Thread.ofVirtual().name("api-relay-in").start(() -> pass(client, api));
      pass(api, client);
      var _ =
          in.join(LAST_WORDS); // the server has ended it: what the client still says is for nobody
    } catch (IOException | RuntimeException e) {
      log.atDebug().setCause(e).log("a pod's connection to the API server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave(client);
    }
  }

  private static InetSocketAddress address(URI server) {
    int port = server.getPort() < 0 ? HTTPS : server.getPort();
    return new InetSocketAddress(server.getHost(), port);
  }

  private static void stayAware(Socket s) throws IOException {
    s.setTcpNoDelay(true);
    s.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    s.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
    s.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
    s.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
  }

  /// One direction; its end is passed on as such, and a break ends both.
  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      log.atTrace().setCause(e).log("a pod's connection to the API server broke");
      close(from);
      close(to);
    }
  }

  private static void close(Socket s) {
    try {
      s.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("a relayed connection");
    }
  }

  /// With all connections.
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("the relay to the API server");
    }
    open.forEach(ApiRelay::close);
  }
}
