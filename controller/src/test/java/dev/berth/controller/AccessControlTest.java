package dev.berth.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Who may do what, asked of a whole controller over TLS: tokens of ServiceAccounts, roles,
/// impersonation and reviews.
class AccessControlTest {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String ROBOT = "system:serviceaccount:default:robot";

  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;
  private static HttpClient master;
  private static HttpClient nobody;
  private static String token;

  private record Answer(int code, JsonNode body) {}

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    master = HttpClient.newBuilder().sslContext(admin.sslContext()).build();
    nobody = HttpClient.newBuilder().sslContext(Anonymous.trustingAnything()).build();
    created("/api/v1/namespaces", "v1", "Namespace", "other", "");
    created("/api/v1/namespaces/default/serviceaccounts", "v1", "ServiceAccount", "robot", "");
    role(
        "reader", "[{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}]");
    role(
        "granter",
        "[{\"verbs\":[\"create\",\"update\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],"
            + "\"resources\":[\"roles\",\"rolebindings\"]}]");
    bind("reader");
    bind("granter");
    token = tokenOf("robot", "{}").path("token").asString();
  }

  @AfterAll
  static void stop() {
    master.close();
    nobody.close();
    admin.close();
    controller.close();
  }

  private static void created(String path, String version, String kind, String name, String rest)
      throws Exception {
    Answer answer = send(master, "POST", path, object(version, kind, name, rest));
    assertEquals(201, answer.code(), answer.toString());
  }

  private static String object(String version, String kind, String name, String rest) {
    return "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}%s}"
        .formatted(version, kind, name, rest);
  }

  private static String roleObject(String name, String rules) {
    return object("rbac.authorization.k8s.io/v1", "Role", name, ",\"rules\":" + rules);
  }

  private static void role(String name, String rules) throws Exception {
    Answer answer =
        send(master, "POST", RBAC + "/namespaces/default/roles", roleObject(name, rules));
    assertEquals(201, answer.code(), answer.toString());
  }

  private static String binding(String name, String kind, String role, String user) {
    return object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        name,
        (",\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"%s\",\"name\":\"%s\"},"
                + "\"subjects\":[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"User\",\"name\":\"%s\"}]")
            .formatted(kind, role, user));
  }

  private static void bind(String role) throws Exception {
    String path = RBAC + "/namespaces/default/rolebindings";
    Answer answer = send(master, "POST", path, binding(role, "Role", role, ROBOT));
    assertEquals(201, answer.code(), answer.toString());
  }

  private static Answer send(
      HttpClient client, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + controller.port() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(answer.statusCode(), Json.parse(answer.body()));
  }

  private static JsonNode tokenOf(String account, String spec) throws Exception {
    String path = "/api/v1/namespaces/default/serviceaccounts/" + account + "/token";
    Answer answer =
        send(
            master,
            "POST",
            path,
            "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":"
                + spec
                + "}");
    assertEquals(201, answer.code(), answer.toString());
    return answer.body().path("status");
  }

  private static Answer robot(String method, String path, String body) throws Exception {
    return send(nobody, method, path, body, "Authorization", "Bearer " + token);
  }

  @Test
  void aTokenGivesWhatTheRolesOfItsAccountGiveAndNothingElse() throws Exception {
    assertEquals(200, robot("GET", "/api/v1/namespaces/default/pods", "").code());
    assertEquals(403, robot("GET", "/api/v1/namespaces/other/pods", "").code());
    assertEquals(403, robot("GET", "/api/v1/pods", "").code());
    assertEquals(403, robot("GET", "/api/v1/namespaces/default/secrets", "").code());
    assertEquals(403, robot("DELETE", "/api/v1/namespaces/default/pods/a", "").code());
    assertEquals(200, robot("GET", "/apis", "").code());
    assertEquals(403, robot("GET", "/metrics", "").code());
  }

  @Test
  void aRefusalSaysWhoMayNotDoWhat() throws Exception {
    Answer answer = robot("GET", "/api/v1/namespaces/other/pods/a", "");
    assertEquals(
        "pods \"a\" is forbidden: User \""
            + ROBOT
            + "\" cannot get resource \"pods\" in API group \"\" in the namespace \"other\"",
        Json.text(answer.body(), "message"));
    assertEquals("Forbidden", Json.text(answer.body(), "reason"));
  }

  @Test
  void nobodyGrantsWhatItHasNot() throws Exception {
    String roles = RBAC + "/namespaces/default/roles";
    String more = "[{\"verbs\":[\"delete\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}]";
    String same = "[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}]";
    assertEquals(403, robot("POST", roles, roleObject("more", more)).code());
    assertEquals(201, robot("POST", roles, roleObject("same", same)).code());
    assertEquals(403, robot("PUT", roles + "/same", roleObject("same", more)).code());
    String bindings = RBAC + "/namespaces/default/rolebindings";
    String all = binding("all", "ClusterRole", "cluster-admin", ROBOT);
    assertEquals(403, robot("POST", bindings, all).code());
    assertEquals(201, robot("POST", bindings, binding("own", "Role", "reader", "eve")).code());
  }

  @Test
  void aTokenDiesWithItsAccountAndIsNotThatOfTheNextOne() throws Exception {
    created("/api/v1/namespaces/default/serviceaccounts", "v1", "ServiceAccount", "brief", "");
    String path = "/api/v1/namespaces/default/serviceaccounts/brief";
    String brief = tokenOf("brief", "{}").path("token").asString();
    String[] header = {"Authorization", "Bearer " + brief};
    assertEquals(403, send(nobody, "GET", path, "", header).code());
    assertEquals(200, send(master, "DELETE", path, "").code());
    assertEquals(401, send(nobody, "GET", path, "", header).code());
    created("/api/v1/namespaces/default/serviceaccounts", "v1", "ServiceAccount", "brief", "");
    assertEquals(401, send(nobody, "GET", path, "", header).code());
  }

  @Test
  void aTokenForOthersIsNoneForThisServerButCanBeReviewed() throws Exception {
    String foreign = tokenOf("robot", "{\"audiences\":[\"vault\"]}").path("token").asString();
    String path = "/api/v1/namespaces/default/pods";
    assertEquals(401, send(nobody, "GET", path, "", "Authorization", "Bearer " + foreign).code());
    String review = "{\"spec\":{\"token\":\"" + foreign + "\",\"audiences\":[\"vault\",\"x\"]}}";
    JsonNode status = review("authentication.k8s.io", "tokenreviews", review);
    assertTrue(status.path("authenticated").asBoolean(), status.toString());
    assertEquals(ROBOT, Json.text(status, "user", "username"));
    assertEquals("[\"vault\"]", status.path("audiences").toString());
    JsonNode other =
        review("authentication.k8s.io", "tokenreviews", "{\"spec\":{\"token\":\"a.b.c\"}}");
    assertFalse(other.path("authenticated").asBoolean(false), other.toString());
  }

  private static JsonNode review(String group, String plural, String body, String... headers)
      throws Exception {
    Answer answer = send(master, "POST", "/apis/" + group + "/v1/" + plural, body, headers);
    assertEquals(201, answer.code(), answer.toString());
    return answer.body().path("status");
  }

  @Test
  void aReviewAndTheRequestItselfAgree() throws Exception {
    for (String verb : List.of("get", "list", "delete")) {
      String attributes =
          "\"resourceAttributes\":{\"verb\":\"%s\",\"resource\":\"pods\",\"namespace\":\"default\"}"
              .formatted(verb);
      String spec = "{\"spec\":{\"user\":\"" + ROBOT + "\"," + attributes + "}}";
      JsonNode status = review("authorization.k8s.io", "subjectaccessreviews", spec);
      JsonNode self =
          review(
              "authorization.k8s.io",
              "selfsubjectaccessreviews",
              "{\"spec\":{" + attributes + "}}",
              "Impersonate-User",
              ROBOT);
      assertEquals(!verb.equals("delete"), status.path("allowed").asBoolean(), verb);
      assertEquals(status.path("allowed"), self.path("allowed"), verb);
    }
  }

  @Test
  void aReviewOfNothingIsRefused() throws Exception {
    String path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    assertEquals(422, send(master, "POST", path, "{\"spec\":{\"user\":\"a\"}}").code());
    String anybody = "{\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}";
    assertEquals(422, send(master, "POST", path, anybody).code());
  }

  @Test
  void aCertificateRequestNamesTheOneWhoSentIt() throws Exception {
    String path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    String spec =
        ",\"spec\":{\"signerName\":\"example.com/s\",\"usages\":[\"client auth\"],"
            + "\"request\":\""
            + Base64.getEncoder()
                .encodeToString("-----BEGIN CERTIFICATE REQUEST-----".getBytes(UTF_8))
            + "\",\"username\":\"system:node:x\",\"uid\":\"1\",\"groups\":[\"system:nodes\"],"
            + "\"extra\":{\"a\":[\"b\"]}}";
    String body = object("certificates.k8s.io/v1", "CertificateSigningRequest", "c", spec);
    String[] eve = {
      "Impersonate-User", "eve",
      "Impersonate-Group", "system:masters",
      "Impersonate-Extra-scopes", "view"
    };
    Answer made = send(master, "POST", path, body, eve);
    assertEquals(201, made.code(), made.toString());
    JsonNode stored = made.body().path("spec");
    assertEquals("eve", Json.text(stored, "username"));
    assertFalse(stored.has("uid"), stored.toString());
    assertFalse(stored.path("groups").toString().contains("system:nodes"), stored.toString());
    assertEquals("{\"scopes\":[\"view\"]}", stored.path("extra").toString());
    Answer replaced = send(master, "PUT", path + "/c", body);
    assertEquals(200, replaced.code(), replaced.toString());
    assertEquals(stored, replaced.body().path("spec"));
    approve(path + "/c", stored);
  }

  /// The decision goes through `approval` alone, and only by who may also decide for the signer.
  private void approve(String path, JsonNode spec) throws Exception {
    String approved =
        "{\"apiVersion\":\"certificates.k8s.io/v1\",\"kind\":\"CertificateSigningRequest\","
            + "\"metadata\":{\"name\":\"c\"},\"spec\":"
            + spec
            + ",\"status\":{\"certificate\":\"YQ==\",\"conditions\":[{\"type\":\"Approved\","
            + "\"status\":\"True\",\"reason\":\"Test\"}]}}";
    Answer signed = send(master, "PUT", path + "/status", approved);
    assertEquals("YQ==", Json.text(signed.body(), "status", "certificate"), signed.toString());
    assertFalse(signed.body().path("status").has("conditions"), signed.toString());
    String role =
        ",\"rules\":[{\"apiGroups\":[\"certificates.k8s.io\"],"
            + "\"resources\":[\"certificatesigningrequests/approval\"],\"verbs\":[\"update\"]}]";
    String[] approver = {"Impersonate-User", "approver"};
    String rbac = "/apis/rbac.authorization.k8s.io/v1/";
    send(
        master,
        "POST",
        rbac + "clusterroles",
        object("rbac.authorization.k8s.io/v1", "ClusterRole", "approver", role));
    send(
        master,
        "POST",
        rbac + "clusterrolebindings",
        object(
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            "approver",
            ",\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\","
                + "\"name\":\"approver\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"approver\"}]"));
    Answer refused = send(master, "PUT", path + "/approval", approved, approver);
    assertEquals(403, refused.code(), refused.toString());
    assertTrue(refused.toString().contains("signers"), refused.toString());
    Answer decided = send(master, "PUT", path + "/approval", approved);
    assertEquals(200, decided.code(), decided.toString());
    assertEquals(
        "Approved", Json.text(decided.body().path("status").path("conditions").path(0), "type"));
  }

  @Test
  void whoIsImpersonatedActsAndOnlyWhoMayImpersonates() throws Exception {
    String path = "/api/v1/namespaces/default/pods";
    assertEquals(403, send(master, "GET", path, "", "Impersonate-User", "eve2").code());
    assertEquals(200, send(master, "GET", path, "", "Impersonate-User", ROBOT).code());
    assertEquals(
        200,
        send(
                master,
                "GET",
                path,
                "",
                "Impersonate-User",
                "eve2",
                "Impersonate-Group",
                "system:masters")
            .code());
    assertEquals(400, send(master, "GET", path, "", "Impersonate-Group", "a").code());
    assertEquals(
        403,
        send(
                nobody,
                "GET",
                path,
                "",
                "Authorization",
                "Bearer " + token,
                "Impersonate-User",
                "admin")
            .code());
    JsonNode me =
        review(
            "authentication.k8s.io",
            "selfsubjectreviews",
            "{}",
            "Impersonate-User",
            "eve2",
            "Impersonate-Extra-scopes",
            "view");
    assertEquals("[\"system:authenticated\"]", me.path("userInfo").path("groups").toString());
    assertEquals("{\"scopes\":[\"view\"]}", me.path("userInfo").path("extra").toString());
  }

  @Test
  void everyNamespaceHasItsAccountAndTheCertificateOfTheCluster() throws Exception {
    assertTrue(
        Waiting.until(
            () ->
                admin.find(Kinds.SERVICE_ACCOUNT, new ObjectKey("other", "default")).isPresent()
                    && admin
                        .find(Kinds.CONFIG_MAP, new ObjectKey("other", "kube-root-ca.crt"))
                        .map(map -> Json.text(map, "data", "ca.crt").contains("BEGIN CERTIFICATE"))
                        .orElse(false)));
  }

  @Test
  void aSecretOfTheOldKindIsFilledAndItsTokenIsGood() throws Exception {
    created(
        "/api/v1/namespaces/default/secrets",
        "v1",
        "Secret",
        "old",
        ",\"type\":\"kubernetes.io/service-account-token\"");
    ObjectKey key = new ObjectKey("default", "old");
    ObjectNode annotation = Json.object();
    Json.meta(annotation)
        .putObject("annotations")
        .put("kubernetes.io/service-account.name", "robot");
    admin.patch(Kinds.SECRET, key, dev.berth.client.PatchType.MERGE, annotation, null);
    assertTrue(
        Waiting.until(() -> !Json.text(admin.get(Kinds.SECRET, key), "data", "token").isEmpty()));
    String old =
        new String(
            java.util.Base64.getDecoder()
                .decode(Json.text(admin.get(Kinds.SECRET, key), "data", "token")),
            java.nio.charset.StandardCharsets.UTF_8);
    String path = "/api/v1/namespaces/default/pods";
    assertEquals(200, send(nobody, "GET", path, "", "Authorization", "Bearer " + old).code());
    send(master, "DELETE", "/api/v1/namespaces/default/secrets/old", "");
    assertEquals(401, send(nobody, "GET", path, "", "Authorization", "Bearer " + old).code());
  }

  @Test
  void theRolesThatChartsBindToAreThere() throws Exception {
    assertTrue(
        Waiting.until(
            () ->
                admin
                    .find(Kinds.CLUSTER_ROLE, ObjectKey.clusterScoped("admin"))
                    .map(role -> role.path("rules").toString())
                    .filter(rules -> rules.contains("localsubjectaccessreviews"))
                    .filter(rules -> rules.contains("pods/exec"))
                    .filter(rules -> rules.contains("resourcequotas"))
                    .isPresent()));
  }
}
