package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open tunnels, one per node: agents dial out, so the controller reaches them without any
/// inbound port on their hosts. A second tunnel of the same node replaces the first (the agent
/// restarted).
public final class NodeTunnels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTunnels.class);
  private static final Pattern PATH =
      Pattern.compile("/apis/berth\\.dev/v1alpha1/nodes/([^/]+)/tunnel");
  private static final long PING_MILLIS = 15_000;

  private final Authorizer authorizer;
  private final Map<String, Tunnel> tunnels = new ConcurrentHashMap<>();

  public NodeTunnels(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  boolean wants(HttpServerRequest request) {
    return PATH.matcher(request.path()).matches() && request.getHeader("Upgrade") != null;
  }

  /// On the event loop: the checks here touch nothing but the certificate.
  void accept(Vertx vertx, HttpServerRequest request, Authentication authentication) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      throw new IllegalArgumentException(request.path());
    }
    String node = path.group(1);
    try {
      authorizer.require(authentication.of(request), new Attributes.Tunnel(node));
      request.toWebSocket().onSuccess(socket -> opened(vertx, node, socket));
    } catch (ApiException e) {
      request
          .response()
          .setStatusCode(e.error().code())
          .putHeader("Content-Type", "application/json")
          .end(Buffer.buffer(Json.bytes(e.error().toStatus())));
    }
  }

  private void opened(Vertx vertx, String node, ServerWebSocket socket) {
    Context context = vertx.getOrCreateContext();
    Tunnel tunnel = new Tunnel(node, socket, context);
    Tunnel before = tunnels.put(node, tunnel);
    if (before != null) {
      before.close();
    }
    long timer = vertx.setPeriodic(PING_MILLIS, _ -> tunnel.ping());
    socket.closeHandler(
        _ -> {
          vertx.cancelTimer(timer);
          tunnels.remove(node, tunnel);
          tunnel.lost();
          LOG.atInfo().addKeyValue("node", node).log("the agent's tunnel has closed");
        });
    LOG.atInfo().addKeyValue("node", node).log("the agent's tunnel is open");
  }

  Optional<Tunnel> of(String node) {
    return Optional.ofNullable(tunnels.get(node));
  }

  /// @throws ApiException `ServiceUnavailable` when the node's agent is not connected
  Tunnel require(String node) {
    return of(node)
        .orElseThrow(
            () ->
                new ApiException(
                    new ApiError.ServiceUnavailable(
                        "node "
                            + node
                            + " is not connected: its agent holds no tunnel to this server; check"
                            + " that it runs")));
  }

  List<Tunnel> all() {
    return List.copyOf(tunnels.values());
  }

  @Override
  public void close() {
    all().forEach(Tunnel::close);
  }
}
