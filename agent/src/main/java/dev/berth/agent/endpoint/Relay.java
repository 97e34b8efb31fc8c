package dev.berth.agent.endpoint;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Passes one request on and its answer back, piece by piece, with the slower side setting the
/// pace. Server-sent events and chunks go out as they come; a protocol upgrade becomes two sockets
/// tied together.
final class Relay {
  private static final int POOL = 512;

  /// Below the usual five seconds of servers, so that we rarely write into a connection that they
  /// are just closing.
  private static final int KEEP_ALIVE_SECONDS = 3;

  private final Vertx vertx;
  private final HttpClient client;

  Relay(Vertx vertx) {
    this.vertx = vertx;
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(3000)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(64 * 1024);
    this.client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(POOL))
            .build();
  }

  HttpClient client() {
    return client;
  }

  /// For threads that are no event loop: what `asking` chains runs at once on the loop that the
  /// answer comes in on, so that a short answer is not over before somebody listens.
  <T> Future<T> onLoop(Supplier<Future<T>> asking) {
    Promise<T> answer = Promise.promise();
    vertx.getOrCreateContext().runOnContext(_ -> asking.get().onComplete(answer));
    return answer.future();
  }

  /// Passes on and back.
  ///
  /// @param timeout until the answer begins; none for zero
  /// @param headers sees the answer's headers before they go out
  /// @param open hears of the request to the far side once there is one, to cancel it
  /// @return completes when the whole answer is through, with its status
  Future<Integer> pass(
      HttpServerRequest in,
      String host,
      int port,
      String address,
      Duration timeout,
      Consumer<MultiMap> outgoing,
      Consumer<HttpClientRequest> open,
      Consumer<HttpServerResponse> headers) {
    if (upgrade(in)) {
      return passUpgrade(in, host, port, address, timeout, outgoing, open);
    }
    in.pause();
    RequestOptions options = options(in, port, address);
    return client
        .request(options)
        .compose(
            out -> {
              open.accept(out);
              Headers.copy(in.headers(), out.headers());
              out.headers().set("host", host);
              outgoing.accept(out.headers());
              Future<HttpClientResponse> answer = send(in, out);
              return within(answer, timeout, out)
                  .compose(response -> answer(in, response, headers));
            });
  }

  private static RequestOptions options(HttpServerRequest in, int port, String address) {
    return new RequestOptions()
        .setHost(address)
        .setPort(port)
        .setMethod(in.method())
        .setURI(in.uri());
  }

  private static boolean upgrade(HttpServerRequest in) {
    String connection = in.getHeader("connection");
    return in.version() == HttpVersion.HTTP_1_1
        && in.getHeader("upgrade") != null
        && connection != null
        && connection.toLowerCase(java.util.Locale.ROOT).contains("upgrade");
  }

  private static Future<HttpClientResponse> send(HttpServerRequest in, HttpClientRequest out) {
    boolean body =
        in.headers().contains("content-length")
            || in.headers().contains("transfer-encoding")
            || (in.version() == HttpVersion.HTTP_2 && !in.isEnded());
    if (!body) {
      in.resume();
      return out.send();
    }
    if (!in.headers().contains("content-length")) {
      out.setChunked(true);
    }
    return out.send(in);
  }

  private Future<HttpClientResponse> within(
      Future<HttpClientResponse> answer, Duration timeout, HttpClientRequest out) {
    if (timeout.isZero()) {
      return answer;
    }
    Promise<HttpClientResponse> result = Promise.promise();
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            _ -> {
              if (result.tryFail(new TimedOut())) {
                out.reset();
              }
            });
    answer.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()
              ? !result.tryComplete(done.result())
              : !result.tryFail(done.cause())) {
            out.reset();
          }
        });
    return result.future();
  }

  /// No answer began in time.
  static final class TimedOut extends RuntimeException {
    private static final long serialVersionUID = 1;

    TimedOut() {
      super("no answer in time", null, false, false);
    }
  }

  private static Future<Integer> answer(
      HttpServerRequest in, HttpClientResponse from, Consumer<HttpServerResponse> headers) {
    HttpServerResponse to = in.response();
    to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
    Headers.copy(from.headers(), to.headers());
    headers.accept(to);
    if (in.version().compareTo(HttpVersion.HTTP_2) < 0
        && !from.headers().contains("content-length")) {
      to.setChunked(true);
    }
    return from.pipeTo(to).map(_ -> from.statusCode());
  }

  private Future<Integer> passUpgrade(
      HttpServerRequest in,
      String host,
      int port,
      String address,
      Duration timeout,
      Consumer<MultiMap> outgoing,
      Consumer<HttpClientRequest> open) {
    in.pause();
    return client
        .request(options(in, port, address))
        .compose(
            out -> {
              open.accept(out);
              in.headers().forEach((name, value) -> out.headers().add(name, value));
              out.headers().set("host", host);
              outgoing.accept(out.headers());
              return within(out.connect(), timeout, out)
                  .compose(
                      response -> {
                        if (response.statusCode() != 101) {
                          in.resume();
                          return answer(in, response, _ -> {});
                        }
                        in.response().setStatusCode(101);
                        response
                            .headers()
                            .forEach((name, value) -> in.response().headers().add(name, value));
                        NetSocket far = response.netSocket();
                        far.pause();
                        return in.toNetSocket().compose(near -> tie(near, far)).map(_ -> 101);
                      });
            });
  }

  private static Future<Void> tie(NetSocket near, NetSocket far) {
    near.closeHandler(_ -> far.close());
    far.closeHandler(_ -> near.close());
    far.resume();
    near.resume();
    Future<Void> up = near.pipeTo(far);
    Future<Void> down = far.pipeTo(near);
    return Future.join(up, down).transform(_ -> Future.<Void>succeededFuture());
  }
}
