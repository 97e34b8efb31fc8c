package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// GitRepositories on a running controller, from repositories of this very host. What the engine
/// decides is tested where it is; here that its decisions reach the cluster, with the right rights.
class GitOpsTest {
  @TempDir static Path dataDir;
  @TempDir static Path gits;
  private static Controller controller;
  private static ApiClient admin;

  @BeforeAll
  static void start() throws Exception {
    controller =
        Controller.start(ControllerConfig.defaults(dataDir).withPort(0).withAllowFileGit(gits));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
  }

  @AfterAll
  static void stop() {
    admin.close();
    controller.close();
  }

  /// Commits one file to the repository of that name, made where it is not there yet.
  private static void push(String name, String file, String text)
      throws IOException, GitAPIException {
    Path folder = gits.resolve(name);
    boolean fresh = !Files.exists(folder);
    try (Git git =
        fresh
            ? Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call()
            : Git.open(folder.toFile())) {
      Files.writeString(folder.resolve(file), text);
      git.add().addFilepattern(".").call();
      git.commit().setSign(false).setAuthor("t", "t@example.com").setMessage(file).call();
    }
  }

  private static String configMap(String name, String value) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
        + name
        + "}\ndata: {value: \""
        + value
        + "\"}\n";
  }

  private static void follow(String name, String more) {
    admin.create(
        Kinds.GIT_REPOSITORY,
        Json.parseObject(
            "{\"apiVersion\":\"berth.dev/v1alpha1\",\"kind\":\"GitRepository\",\"metadata\":{\"name\":\""
                + name
                + "\",\"namespace\":\"default\"},\"spec\":{\"url\":\"file://"
                + gits.resolve(name)
                + "\""
                + (more.contains("interval") ? more : ",\"interval\":\"1s\"" + more)
                + "}}"));
  }

  private static Optional<ObjectNode> find(ResourceType type, String name) {
    return admin.find(type, new ObjectKey(type.namespaced() ? "default" : "", name));
  }

  private static ObjectNode repository(String name) {
    return find(Kinds.GIT_REPOSITORY, name).orElseThrow();
  }

  private static boolean isReady(String name) {
    return Conditions.isTrue(repository(name), "Ready");
  }

  private static boolean says(String name, String text) {
    return Conditions.all(repository(name)).toString().contains(text);
  }

  private static String value(String configMap) {
    return find(Kinds.CONFIG_MAP, configMap).map(c -> Json.text(c, "data", "value")).orElse("");
  }

  private static void change(ResourceType type, String name, String patch) {
    admin.patch(type, new ObjectKey("default", name), PatchType.MERGE, Json.parse(patch), null);
  }

  @Test
  void aPushIsAppliedAndWhatOthersChangeIsPutBack() throws Exception {
    push("apps", "a.yaml", configMap("apps-a", "one"));
    follow("apps", "");
    assertTrue(Waiting.until(() -> isReady("apps")), repository("apps").toPrettyString());
    assertEquals("one", value("apps-a"));
    ObjectNode applied = find(Kinds.CONFIG_MAP, "apps-a").orElseThrow();
    assertEquals("apps", Json.labels(applied).get("berth.dev/git-repository"));
    String stages =
        new String(
            admin
                .raw(
                    "GET",
                    Kinds.GIT_REPOSITORY.objectPath("default", "apps") + "/debug",
                    Map.of(),
                    BodyPublishers.noBody())
                .body()
                .readAllBytes(),
            StandardCharsets.UTF_8);
    assertTrue(stages.contains("\"reconciler\":\"gitrepository\""), stages);
    push("apps", "a.yaml", configMap("apps-a", "two"));
    assertTrue(Waiting.until(() -> value("apps-a").equals("two")));
    change(Kinds.CONFIG_MAP, "apps-a", "{\"data\":{\"value\":\"by hand\"}}");
    assertTrue(Waiting.until(() -> value("apps-a").equals("two")), "drift is healed");
    admin.delete(Kinds.CONFIG_MAP, new ObjectKey("default", "apps-a"), DeleteOptions.DEFAULT);
    assertTrue(Waiting.until(() -> value("apps-a").equals("two")), "so is a deletion");
  }

  @Test
  void withoutAnAccountARepositoryWritesItsOwnNamespaceOnly() throws Exception {
    push("bare", "a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: from-git}\n");
    follow("bare", "");
    assertTrue(
        Waiting.until(() -> says("bare", "it belongs to no namespace")),
        repository("bare").toPrettyString());
    push(
        "bare",
        "a.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: from-git}\nrules: []\n");
    assertTrue(
        Waiting.until(() -> says("bare", "it gives rights")), repository("bare").toPrettyString());
    push("bare", "a.yaml", configMap("bare-a\n  namespace: kube-system".replace("\n ", ","), "x"));
    assertTrue(
        Waiting.until(() -> says("bare", "name one that may write it in spec.serviceAccountName")),
        repository("bare").toPrettyString());
    assertEquals(Optional.empty(), find(Kinds.NAMESPACE, "from-git"));
    assertEquals(Optional.empty(), find(Kinds.ROLE, "from-git"));
  }

  /// A quota is set for the admins of a namespace and not by them, unless somebody decides so.
  @Test
  void withoutAnAccountARepositoryWritesWhatAnAdminOfItsNamespaceMay() throws Exception {
    push(
        "limited",
        "a.yaml",
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: from-git}\nspec: {hard: {secrets: 900}}\n");
    follow("limited", "");
    assertTrue(
        Waiting.until(
            () ->
                says(
                    "limited",
                    "(ClusterRole admin) may not patch resourcequotas, and repository"
                        + " default/limited has no account of its own: name one that may write it"
                        + " in spec.serviceAccountName")),
        repository("limited").toPrettyString());
    assertEquals(Optional.empty(), find(Kinds.RESOURCE_QUOTA, "from-git"));
    admin.create(
        Kinds.CLUSTER_ROLE,
        Json.parseObject(
            "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"quotas\",\"labels\":{\"rbac.authorization.k8s.io/aggregate-to-admin\":\"true\"}},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"resourcequotas\"],\"verbs\":[\"create\",\"patch\",\"delete\"]}]}"));
    assertTrue(Waiting.until(() -> find(Kinds.RESOURCE_QUOTA, "from-git").isPresent()));
  }

  @Test
  void anAccountWritesWhatItsRolesAllowAndTheErrorNamesTheCommand() throws Exception {
    push("accounted", "a.yaml", configMap("accounted-a", "one"));
    follow("accounted", ",\"serviceAccountName\":\"deployer\"");
    assertTrue(
        Waiting.until(() -> says("accounted", "kubectl create serviceaccount deployer -n default")),
        repository("accounted").toPrettyString());
    admin.create(
        Kinds.SERVICE_ACCOUNT,
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"deployer\",\"namespace\":\"default\"}}"));
    assertTrue(
        Waiting.until(
            () -> says("accounted", "ServiceAccount default/deployer may not patch configmaps")),
        repository("accounted").toPrettyString());
    admin.create(
        Kinds.ROLE_BINDING,
        Json.parseObject(
            "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"deployer\",\"namespace\":\"default\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"edit\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"deployer\",\"namespace\":\"default\"}]}"));
    assertTrue(Waiting.until(() -> value("accounted-a").equals("one")));
  }

  @Test
  void aWebhookThatKnowsTheSecretBringsThePushAtOnce() throws Exception {
    admin.create(
        Kinds.SECRET,
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"hook\",\"namespace\":\"default\"},\"stringData\":{\"token\":\"hush\"}}"));
    push("hooked", "a.yaml", configMap("hooked-a", "one"));
    follow("hooked", ",\"interval\":\"0s\",\"webhook\":{\"secretRef\":{\"name\":\"hook\"}}");
    assertTrue(Waiting.until(() -> isReady("hooked")), repository("hooked").toPrettyString());
    push("hooked", "a.yaml", configMap("hooked-a", "two"));
    assertEquals(401, hook("hooked", "guess"));
    assertEquals(404, hook("no-such-repository", "hush"));
    assertEquals(202, hook("hooked", "hush"));
    assertTrue(Waiting.until(() -> value("hooked-a").equals("two")));
  }

  /// As GitLab sends it, from anywhere.
  private static int hook(String repository, String token) throws Exception {
    URI uri =
        URI.create("https://127.0.0.1:" + controller.port() + "/hooks/git/default/" + repository);
    try (HttpClient host =
        HttpClient.newBuilder().sslContext(Anonymous.trustingAnything()).build()) {
      HttpRequest push =
          HttpRequest.newBuilder(uri)
              .header("X-Gitlab-Token", token)
              .header("X-Gitlab-Event", "Push Hook")
              .POST(BodyPublishers.ofString("{\"ref\":\"refs/heads/main\"}"))
              .build();
      return host.send(push, BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void whatIsDeletedTakesItsObjectsAlongOnlyWhereThatWasAsked() throws Exception {
    for (String name : new String[] {"kept", "taken"}) {
      push(name, "a.yaml", configMap(name + "-a", "one"));
      follow(name, name.equals("taken") ? ",\"sync\":{\"onDelete\":\"delete\"}" : "");
      assertTrue(Waiting.until(() -> isReady(name)), repository(name).toPrettyString());
      admin.delete(Kinds.GIT_REPOSITORY, new ObjectKey("default", name), DeleteOptions.DEFAULT);
      assertTrue(Waiting.until(() -> find(Kinds.GIT_REPOSITORY, name).isEmpty()));
    }
    assertEquals("one", value("kept-a"));
    assertEquals("", value("taken-a"));
  }
}
