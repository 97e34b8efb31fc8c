package dev.berth.e2e.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// The life of one repository, push by push, in the order of its tests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GitOpsIT {
  private static final String SETTINGS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {color: %s}
      """;

  private TestHost host;
  private Shop shop;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    host = TestHost.create("gitops");
    host.up().ok();
    shop = Shop.open(host);
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (host != null) {
      host.close();
    }
  }

  @Test
  @Order(1)
  void aPushIsApplied() throws IOException, InterruptedException {
    shop.write("prod/settings.yaml", SETTINGS.formatted("blue"));
    String commit = shop.push("Blue");
    host.write(
        "shop.yaml",
        """
        apiVersion: berth.dev/v1alpha1
        kind: GitRepository
        metadata: {name: shop}
        spec:
          url: %s
          path: prod
        """
            .formatted(Shop.url()));
    host.berth("apply", "-f", "shop.yaml").ok();
    awaitColor("blue");

    Ran listed = host.berth("git", "ls").ok();
    assertTrue(listed.out().contains("main@" + commit.substring(0, 7)), listed::toString);
  }

  @Test
  @Order(2)
  void whatSomebodyChangesByHandIsPutBack() throws IOException, InterruptedException {
    host.berth("delete", "configmap", "settings").ok();

    awaitColor("blue");
  }

  @Test
  @Order(3)
  void nothingOfABrokenCommitIsApplied() throws IOException, InterruptedException {
    shop.write("prod/a.yaml", SETTINGS.replace("settings", "new").formatted("red"));
    shop.write("prod/broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [}\n");
    shop.write("prod/settings.yaml", SETTINGS.formatted("red"));
    shop.push("Red, broken");

    Ran synced = host.berth("git", "sync", "shop");
    assertNotEquals(0, synced.code(), synced::toString);
    assertTrue(synced.err().contains("prod/broken.yaml:3"), synced::toString);
    assertEquals("blue", color());
    assertNotEquals(0, host.berth("get", "configmap", "new").code());
  }

  @Test
  @Order(4)
  void aKillWhileAPushIsAppliedLosesNothing() throws IOException, InterruptedException {
    Files.delete(shop.work().resolve("prod/broken.yaml"));
    shop.write("prod/settings.yaml", SETTINGS.formatted("green"));
    String commit = shop.push("Green");
    Process sync = host.start(host.dir().resolve("sync.out"), "git", "sync", "shop");
    TestHost.waitUntil("the push is being applied", () -> isKnown(commit));
    host.killBerth();
    sync.waitFor();
    host.up().ok();

    host.berth("git", "sync", "shop").ok();
    assertEquals("green", color());
  }

  @Test
  @Order(5)
  void aFolderThatIsGoneDeletesNothing() throws IOException, InterruptedException {
    shop.git(shop.work(), "mv", "prod", "elsewhere");
    shop.push("Move everything");

    Ran synced = host.berth("git", "sync", "shop");
    assertNotEquals(0, synced.code(), synced::toString);
    assertTrue(synced.err().contains("PathNotFound"), synced::toString);
    assertEquals("green", color());
    shop.git(shop.work(), "revert", "--no-edit", "HEAD");
    shop.git(shop.work(), "push", "-q", "origin", "main");
    host.berth("git", "sync", "shop").ok();
  }

  @Test
  @Order(6)
  void codeBecomesAModel() throws IOException, InterruptedException {
    host.context("work/prod/sum/model", script("model", "one"));
    shop.write("prod/sum/modelapp.yaml", MODEL_APP);
    shop.push("A model that adds");
    host.berth("git", "sync", "shop", "--timeout", "3m").ok();
    assertEquals("r1", revision());

    host.context("work/prod/sum/model", script("model", "two"));
    shop.push("Another model");
    host.berth("git", "sync", "shop", "--timeout", "3m").ok();
    assertEquals("r2", revision());
  }

  @Test
  @Order(7)
  void whatLeavesTheRepositoryIsDeleted() throws IOException, InterruptedException {
    shop.git(shop.work(), "rm", "-rq", "prod/sum");
    shop.push("No model");
    host.berth("git", "sync", "shop").ok();

    TestHost.waitUntil(
        "the ModelApp is deleted", () -> berth("get", "modelapp", "sum").code() != 0);
    assertEquals("green", color());
  }

  private static final String MODEL_APP =
      """
      apiVersion: berth.dev/v1alpha1
      kind: ModelApp
      metadata: {name: sum}
      spec:
        model:
          build: {context: model}
        endpoint:
          protocol: open-inference
      """;

  private static String script(String word, String label) {
    return """
    FROM scratch
    COPY box /box
    LABEL which=%s
    EXPOSE 8080
    ENTRYPOINT ["/box", "%s"]
    """
        .formatted(label, word);
  }

  /// Which revision of the model answers.
  private String revision() throws IOException, InterruptedException {
    Ran answer = host.berth("call", "sum").ok();
    return answer.err().replaceAll("(?s).*revision (r[0-9]+).*", "$1").strip();
  }

  private void awaitColor(String color) throws InterruptedException {
    TestHost.waitUntil("settings are " + color, () -> color().equals(color));
  }

  private boolean isKnown(String commit) {
    return berth("get", "gitrepository", "shop", "-o", "json").out().contains(commit);
  }

  private String color() {
    return berth("get", "configmap", "settings", "-o", "jsonpath={.data.color}").out().strip();
  }

  private Ran berth(String... words) {
    try {
      return host.berth(words);
    } catch (IOException e) {
      return new Ran(1, "", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ran(1, "", e.toString());
    }
  }
}
