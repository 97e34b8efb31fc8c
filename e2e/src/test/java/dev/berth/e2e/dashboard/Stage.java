package dev.berth.e2e.dashboard;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import dev.berth.e2e.conformance.Wire;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is to see: something healthy, something of each kind of broken, and texts that want
/// to run, wherever the cluster takes text from somebody.
final class Stage {
  private static final String MODEL_APPS = "/apis/berth.dev/v1alpha1/namespaces/default/modelapps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String SCRIPT = "for line in \"$@\"; do echo \"$line\"; done; ";

  private final TestHost host;
  private final Wire wire;

  Stage(TestHost host, Wire wire) {
    this.host = host;
    this.wire = wire;
  }

  void set() throws IOException, InterruptedException {
    host.buildBox("box:1");
    host.buildShell("shell:1");
    modelApp(
        "digits",
        "image: box:1, args: [model]",
        ", app: {image: \"box:1\", args: [app], port: 3000}");
    modelApp("broken", "image: \"digitz:1\"", "");
    hostileModelApp();
    pod("loud", SCRIPT + "exec sleep 100000", "Always");
    pod("bad-end", SCRIPT + "exit 1", "Never");
    events();
    viewer();
  }

  private void modelApp(String name, String model, String more) throws IOException {
    wire.postYaml(
            MODEL_APPS,
            "apiVersion: berth.dev/v1alpha1\nkind: ModelApp\nmetadata: {name: %s}\nspec: {model: {%s}%s}\n"
                .formatted(name, model, more))
        .ok();
  }

  /// Its model says that it is somebody else, who is a script.
  private void hostileModelApp() throws IOException {
    ObjectNode app = Json.object();
    app.put("apiVersion", "berth.dev/v1alpha1").put("kind", "ModelApp");
    ObjectNode meta = app.putObject("metadata").put("name", "hostile");
    annotate(meta);
    ObjectNode model = app.putObject("spec").putObject("model").put("image", "box:1");
    model.putArray("args").add("model");
    model.putArray("env").addObject().put("name", "SERVES").put("value", Payloads.ALL.get(3));
    wire.post(MODEL_APPS, app).ok();
  }

  /// Says every text in its log, and has it in its command and its annotations.
  private void pod(String name, String script, String restart) throws IOException {
    ObjectNode pod = Json.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = pod.putObject("metadata").put("name", name);
    annotate(meta);
    meta.putObject("labels").put("constructor", "javascript").put("onload", "top.ran");
    ObjectNode spec = pod.putObject("spec").put("restartPolicy", restart);
    spec.put("terminationGracePeriodSeconds", 0);
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "main").put("image", "default/shell:1");
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode command = container.putArray("command").add("sh").add("-c").add(script).add("x");
    Payloads.ALL.forEach(command::add);
    wire.post(PODS, pod).ok();
  }

  private static void annotate(ObjectNode meta) {
    ObjectNode annotations = meta.putObject("annotations");
    for (int i = 0; i < Payloads.ALL.size(); i++) {
      annotations.put("example.com/p" + i, Payloads.ALL.get(i));
    }
  }

  private void events() throws IOException {
    for (String text : Payloads.ALL) {
      ObjectNode event = Json.object();
      event.put("apiVersion", "v1").put("kind", "Event");
      event.putObject("metadata").put("generateName", "loud.");
      event
          .putObject("involvedObject")
          .put("apiVersion", "v1")
          .put("kind", "Pod")
          .put("namespace", "default")
          .put("name", "loud");
      event.put("type", "Warning").put("reason", text).put("message", text);
      event.putObject("source").put("component", text);
      wire.post("/api/v1/namespaces/default/events", event).ok();
    }
  }

  private void viewer() throws IOException {
    wire.postYaml(
            "/api/v1/namespaces/default/serviceaccounts",
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: viewer}\n")
        .ok();
    wire.postYaml(
            "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: viewer}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects: [{kind: ServiceAccount, name: viewer, namespace: default}]
            """)
        .ok();
  }

  String viewersToken() throws IOException {
    ObjectNode request = Json.object();
    request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    request.putObject("spec").put("expirationSeconds", 3600);
    return Json.text(
        wire.post("/api/v1/namespaces/default/serviceaccounts/viewer/token", request).ok(),
        "status",
        "token");
  }

  /// Until the well are well and the ill are known to be.
  void await() throws InterruptedException {
    TestHost.waitUntil("digits is well", () -> host.isWell("digits"));
    for (String pod : List.of("loud", "bad-end")) {
      TestHost.waitUntil(pod + " has spoken", () -> hasSpoken(pod));
    }
    TestHost.waitUntil(
        "the others are diagnosed", () -> says("broken", "digitz") && says("hostile", "top.ran"));
  }

  private boolean hasSpoken(String pod) {
    try {
      String log = wire.text(PODS + "/" + pod + "/log");
      return log.contains(Payloads.ALL.getFirst());
    } catch (IOException e) {
      return false;
    }
  }

  private boolean says(String app, String word) {
    try {
      return host.berth("why", app).out().contains(word);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
