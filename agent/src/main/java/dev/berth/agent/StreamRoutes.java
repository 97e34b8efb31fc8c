package dev.berth.agent;

import dev.berth.agent.pod.Inside;
import dev.berth.agent.pod.Pods;
import dev.berth.agent.stream.AttachStream;
import dev.berth.agent.stream.ExecStream;
import dev.berth.agent.stream.PortForward;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `POST /pods/NAMESPACE/POD/exec`, `attach` and `portforward`, with the parameters of the pod's
/// subresources of these names.
record StreamRoutes(Sync sync, Pods pods) implements Route {
  private static final int LARGEST_PORT = 65_535;

  @Override
  public Optional<Handler> match(Request request) {
    if (request.path().size() != 4 || !request.part(0).equals("pods")) {
      return Optional.empty();
    }
    return switch (request.part(3)) {
      case "exec" -> Optional.of(response -> exec(request, response));
      case "attach" -> Optional.of(response -> attach(request, response));
      case "portforward" -> Optional.of(response -> forward(request, response));
      default -> Optional.empty();
    };
  }

  private Optional<ObjectNode> pod(Request request, Response response) throws IOException {
    Optional<ObjectNode> pod = sync.pod(new ObjectKey(request.part(1), request.part(2)));
    if (pod.isEmpty()) {
      response.text(404, "pod " + request.part(1) + "/" + request.part(2) + " is not on this node");
    }
    return pod;
  }

  /// The container that is meant: its name, or the first one's.
  private static String container(Request request, ObjectNode pod) {
    String wanted = request.query().getOrDefault("container", "");
    return wanted.isEmpty()
        ? Json.text(pod.path("spec").path("containers").path(0), "name")
        : wanted;
  }

  private void exec(Request request, Response response) throws IOException, InterruptedException {
    Optional<ObjectNode> pod = pod(request, response);
    if (pod.isEmpty()) {
      return;
    }
    List<String> command = request.all("command");
    String container = container(request, pod.get());
    Optional<Inside> inside = pods.inside(pod.get(), container);
    if (inside.isEmpty() || command.isEmpty()) {
      response.text(400, inside.isEmpty() ? notRunning(container) : "no command was given");
      return;
    }
    ExecStream.serve(
        command.getFirst(),
        () -> inside.get().exec(command, flag(request, "stdin"), flag(request, "tty")),
        request.body(),
        response);
  }

  private static boolean flag(Request request, String name) {
    String value = request.query().getOrDefault(name, "");
    return value.equals("true") || value.equals("1");
  }

  private static String notRunning(String container) {
    return "container " + container + " is not running";
  }

  private void attach(Request request, Response response) throws IOException, InterruptedException {
    Optional<ObjectNode> pod = pod(request, response);
    if (pod.isEmpty()) {
      return;
    }
    String container = container(request, pod.get());
    Optional<Inside> inside = pods.inside(pod.get(), container);
    if (inside.isEmpty()) {
      response.text(400, notRunning(container));
      return;
    }
    response.head(200, Map.of());
    boolean types = flag(request, "stdin") && inside.get().reads();
    AttachStream.serve(
        inside.get()::follow, () -> inside.get().input(types), types, request.body(), response);
  }

  private void forward(Request request, Response response)
      throws IOException, InterruptedException {
    Optional<ObjectNode> pod = pod(request, response);
    if (pod.isEmpty()) {
      return;
    }
    int port = port(request.query().getOrDefault("port", ""));
    SocketChannel socket;
    try {
      socket = pods.connect(pod.get(), port);
    } catch (IOException e) {
      response.text(502, "cannot connect to port " + port + " of the pod: " + e.getMessage());
      return;
    }
    response.head(200, Map.of());
    PortForward.serve(socket, request.body(), response);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PORT) {
      throw new IllegalArgumentException("port: not a port: " + text);
    }
    return Integer.parseInt(text);
  }
}
