package dev.berth.cli.talk;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Follows the pods that an informer tells of: a new container of a pod (its first, or the one
/// after a restart) starts one virtual thread that reads to its end. Nothing is printed twice,
/// because a container is followed once, by its id; and nothing once it is closed.
final class Followers implements Informer.Handler, AutoCloseable {
  private final ApiClient client;
  private final LinePrinter printer;
  private final PodLog.Wanted wanted;
  private final Map<String, Thread> following = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Followers(ApiClient client, LinePrinter printer, PodLog.Wanted wanted) {
    this.client = client;
    this.printer = printer;
    this.wanted = wanted;
  }

  @Override
  public void added(ObjectNode pod) {
    printer.expect(Json.name(pod));
    follow(pod, wanted.tail());
  }

  @Override
  public void updated(ObjectNode old, ObjectNode pod) {
    follow(pod, -1);
  }

  private void follow(ObjectNode pod, int tail) {
    for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
      String id = Json.text(status, "containerID");
      boolean begun = status.path("state").has("running") || status.path("state").has("terminated");
      if (begun && !id.isEmpty() && isWanted(Json.text(status, "name"))) {
        following.computeIfAbsent(id, _ -> start(pod, Json.text(status, "name"), tail));
      }
    }
  }

  private boolean isWanted(String container) {
    return wanted.container().isEmpty() || wanted.container().equals(container);
  }

  private Thread start(ObjectNode pod, String container, int tail) {
    ObjectKey key = ObjectKey.of(pod);
    PodLog.Wanted all = new PodLog.Wanted(true, false, tail, container);
    return Thread.ofVirtual().name("logs-" + key.name()).start(() -> read(key, all));
  }

  private void read(ObjectKey pod, PodLog.Wanted all) {
    try {
      PodLog.readWhile(client, pod, all, line -> print(pod, line));
    } catch (IOException | ApiException e) {
      print(pod, "(the log ended: " + e.getMessage() + ")");
    }
  }

  /// False once nobody wants more.
  private boolean print(ObjectKey pod, String line) {
    if (closed) {
      return false;
    }
    printer.print(pod.name(), line);
    printer.flush();
    return true;
  }

  @Override
  public void close() {
    closed = true;
    following.values().forEach(Thread::interrupt);
  }
}
