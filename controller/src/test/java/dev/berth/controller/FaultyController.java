package dev.berth.controller;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import dev.berth.controller.storage.Faults;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The other process of [DiskFaultTest]: a whole controller whose disk is full for a while and then
/// fails to sync. Prints what its clients are told.
final class FaultyController {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final ApiClient admin;
  private final PrintStream said = new PrintStream(new FileOutputStream(FileDescriptor.out), true);

  private FaultyController(ApiClient admin) {
    this.admin = admin;
  }

  public static void main(String[] arguments) throws Throwable {
    Faults faults = new Faults(Path.of(arguments[1]));
    try (Controller controller =
            Controller.start(ControllerConfig.defaults(Path.of(arguments[0])).withPort(0));
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      new FaultyController(admin).run(faults);
    }
    Runtime.getRuntime().halt(0);
  }

  private void run(Faults faults) throws Throwable {
    create("before");
    faults.arm(Faults.NO_SPACE, 0);
    create("full");
    get(MAPS + "/before");
    get("/readyz");
    faults.disarm();
    create("space");
    faults.arm(Faults.SYNC_EIO, 0);
    create("sync");
    faults.disarm();
    create("later");
    get(MAPS + "/before");
    get("/readyz");
    get("/livez");
  }

  private void create(String name) throws IOException {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", name);
    tell(
        "create " + name,
        admin.raw(
            "POST",
            MAPS,
            Map.of("Content-Type", "application/json"),
            BodyPublishers.ofByteArray(Json.bytes(map))));
  }

  private void get(String path) throws IOException {
    tell("get " + path.substring(path.lastIndexOf('/') + 1), admin.raw("GET", path));
  }

  private void tell(String what, HttpResponse<InputStream> answer) throws IOException {
    String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    boolean status = body.contains("\"kind\":\"Status\"");
    String message = status ? " " + Json.text(Json.parse(body), "reason") : "";
    String more = status ? " " + Json.text(Json.parse(body), "message") : "";
    said.println(what + " " + answer.statusCode() + message + "|" + more);
  }
}
