package dev.berth.agent.probe;

import dev.berth.api.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;

/// Asks once. HTTP follows no redirects and keeps no connection, so that an answer is about now.
/// The probe's own time-out is the only bound: the client's for connections would count a
/// handshake.
public final class Prober {
  /// In characters; Kubernetes shows as much in events.
  private static final int MOST_OUTPUT = 1024;

  private static final Duration PROTOCOL_PATIENCE = Duration.ofSeconds(2);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .sslContext(AnyCertificate.context())
          .executor(
              Executors.newThreadPerTaskExecutor(
                  Thread.ofVirtual().name("probe-http-", 0).factory()))
          .build();

  public Outcome ask(Probe probe, ProbeTarget target) {
    if (target.address().isEmpty() && !(probe.handler() instanceof Probe.Handler.Exec)) {
      return Outcome.bad("the pod has no network"); // never ask the host in its stead
    }
    return switch (probe.handler()) {
      case Probe.Handler.Http h -> http(h, target, probe.timeout());
      case Probe.Handler.Tcp t -> tcp(t.port(), target, probe.timeout());
      case Probe.Handler.Exec e -> exec(e, target, probe.timeout());
      case Probe.Handler.Endpoint e -> {
        Outcome open = tcp(e.port(), target, PROTOCOL_PATIENCE);
        yield open.ok()
            ? new EndpointQuestion(
                    http, e, target.address(), PROTOCOL_PATIENCE, target.loading().getAsBoolean())
                .ask()
            : open;
      }
    };
  }

  private Outcome http(Probe.Handler.Http h, ProbeTarget target, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(h.scheme() + "://" + target.address() + ":" + h.port() + h.path()))
            .timeout(timeout)
            .header("User-Agent", "berth-probe");
    h.headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase("host")) {
                request.header(name, value);
              }
            });
    String what = "GET " + h.path() + " on port " + h.port();
    try {
      return status(
          what, Answers.within(http, request.build(), _ -> new FirstBytes(), timeout).statusCode());
    } catch (HttpTimeoutException e) {
      return late(what, timeout);
    } catch (ConnectException e) {
      return refused(h.port(), target);
    } catch (IOException e) {
      return Outcome.bad(Reason.INVALID_ANSWER, what + " gave no HTTP answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.bad("interrupted");
    }
  }

  /// A server that says no (4xx) has been asked for the wrong thing; one that fails (5xx) may yet
  /// come up.
  static Outcome status(String what, int status) {
    if (status >= 200 && status < 400) {
      return Outcome.good();
    }
    boolean refused = status >= 400 && status < 500 && status != 408 && status != 429;
    return Outcome.bad(
        refused ? Reason.INVALID_ANSWER : Reason.NEVER_READY, what + " answered " + status);
  }

  private static Outcome late(String what, Duration timeout) {
    return Outcome.bad(
        Reason.PROBE_TIMEOUT, what + " gave no answer within " + timeout.toSeconds() + " s");
  }

  private static Outcome refused(int port, ProbeTarget target) {
    return Sockets.refused(Sockets.of(target.pid()), port);
  }

  private static Outcome tcp(int port, ProbeTarget target, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.address(), port), (int) timeout.toMillis());
      return Outcome.good();
    } catch (SocketTimeoutException e) {
      return late("a connection to port " + port, timeout);
    } catch (IOException e) {
      return refused(port, target);
    }
  }

  /// Each new text becomes an event: a command that prints at length must not fill the store.
  private static String shortened(String output) {
    return output.length() <= MOST_OUTPUT ? output : output.substring(0, MOST_OUTPUT) + " ...";
  }

  private static Outcome exec(Probe.Handler.Exec e, ProbeTarget target, Duration timeout) {
    ProbeTarget.Result result = target.exec().run(e.command(), timeout);
    String what = String.join(" ", e.command());
    if (result.code() == 0) {
      return Outcome.good();
    }
    return result.code() < 0
        ? late(what, timeout)
        : Outcome.bad(
            Reason.NEVER_READY,
            what + " exited with " + result.code() + ": " + shortened(result.output().strip()));
  }
}
