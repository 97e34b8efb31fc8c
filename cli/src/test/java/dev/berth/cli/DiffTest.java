package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Live.class)
@SuppressWarnings("NullAway.Init") // one server for all
class DiffTest {
  private static final String NS = "diff-test";
  private static LiveApi api;
  @TempDir Path dir;

  @BeforeAll
  static void start(LiveApi live) {
    api = live;
    api.namespace(NS);
  }

  private String manifest(String text) throws IOException {
    return Files.writeString(dir.resolve("m.yaml"), text).toString();
  }

  private static LiveApi.Ran diff(String file) {
    return api.berth("diff", "-f", file, "-n", NS);
  }

  private static void apply(String file) {
    LiveApi.Ran ran = api.berth("apply", "--no-wait", "-f", file, "-n", NS);
    assertEquals(0, ran.code(), ran.err());
  }

  private static final String SHOP =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec:
            containers:
            - name: c
              image: shop:1
      """;

  @Test
  void whatIsNotWaitedForIsSaidToHaveBeenMade() throws IOException {
    String file = manifest(SHOP.replace("{name: shop}", "{name: unwaited}"));
    LiveApi.Ran made = api.berth("apply", "--no-wait", "-f", file, "-n", NS);
    assertTrue(made.err().matches("(?s).*OK  Deployment/unwaited +created\n"), made.err());
    LiveApi.Ran again = api.berth("apply", "--no-wait", "-f", file, "-n", NS);
    assertTrue(again.err().matches("(?s).*--  Deployment/unwaited +unchanged\n"), again.err());
  }

  @Test
  void whatWouldChangeIsShownWithoutChangingIt() throws IOException {
    LiveApi.Ran fresh = diff(manifest(SHOP));
    assertEquals(1, fresh.code(), fresh.err());
    assertEquals("--- /dev/null", fresh.lines().getFirst());
    assertTrue(fresh.out().contains("+kind: Deployment\n"), fresh.out());
    apply(manifest(SHOP));
    LiveApi.Ran same = diff(manifest(SHOP));
    assertEquals(0, same.code(), same.out() + same.err());
    assertEquals("", same.out());

    LiveApi.Ran changed = diff(manifest(SHOP.replace("shop:1", "shop:2")));
    assertEquals(1, changed.code());
    assertEquals("--- Deployment/shop -n diff-test", changed.lines().getFirst());
    assertEquals(
        List.of("-        image: shop:1", "+        image: shop:2"),
        changed.lines().stream()
            .skip(2)
            .filter(line -> line.startsWith("-") || line.startsWith("+"))
            .toList(),
        changed.out());
    assertEquals(
        "shop:1",
        api.client
            .get(Kinds.DEPLOYMENT, new ObjectKey(NS, "shop"))
            .at("/spec/template/spec/containers/0/image")
            .asString());
  }

  @Test
  void valuesOfSecretsAreNotShown() throws IOException {
    String secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {user: ada, password: one}
        """;
    apply(manifest(secret));
    LiveApi.Ran ran = diff(manifest(secret.replace("one", "two")));
    assertEquals(1, ran.code(), ran.err());
    assertTrue(ran.out().contains("*** (after)"), ran.out());
    assertFalse(ran.out().contains("two") || ran.out().contains("dHdv"), ran.out());
    assertFalse(ran.out().contains("ada") || ran.out().contains("b25l"), ran.out());
  }

  /// The lines of a text stand as lines.
  @Test
  void oneLineOfALongTextIsOneLine() throws IOException {
    String settings =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data:
          app.conf: |
            first: 1
            second: 2
        """;
    apply(manifest(settings));
    LiveApi.Ran ran = diff(manifest(settings.replace("second: 2", "second: 3")));
    assertTrue(ran.out().contains("\n-    second: 2\n+    second: 3\n"), ran.out());
  }

  /// The server has put a volume with its token into it.
  @Test
  void aPodMayBeAppliedTwice() throws IOException {
    String pod =
        manifest(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: box}
            spec: {containers: [{name: c, image: x}]}
            """);
    apply(pod);
    LiveApi.Ran again = api.berth("apply", "--no-wait", "-f", pod, "-n", NS);
    assertEquals(0, again.code(), again.err());
    assertEquals(0, diff(pod).code(), () -> diff(pod).out() + diff(pod).err());
  }

  @Test
  void aChangedFileOfAnAppIsAChange() throws IOException {
    Path model = Files.createDirectories(dir.resolve("model"));
    Files.writeString(model.resolve("Dockerfile"), "FROM scratch\nCOPY x /x\n");
    Files.writeString(model.resolve("x"), "1");
    String app =
        manifest(
            """
            apiVersion: berth.dev/v1alpha1
            kind: ModelApp
            metadata: {name: iris}
            spec:
              model: {build: {context: model}}
              endpoint: {protocol: http}
            """);
    apply(app);
    assertEquals(0, diff(app).code(), () -> diff(app).out() + diff(app).err());
    Files.writeString(model.resolve("x"), "2");
    LiveApi.Ran ran = diff(app);
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("\n+    berth.dev/context-digest.model: sha256:"), ran.out());
  }

  @Test
  void aFailureIsNeverAOne() throws IOException {
    assertEquals(2, diff(dir.resolve("none.yaml").toString()).code());
    LiveApi.Ran typo = diff(manifest(SHOP.replace("image:", "imgae:")));
    assertEquals(4, typo.code(), typo.err());
    assertTrue(typo.err().contains("did you mean \"image\"?"), typo.err());
    LiveApi.Ran refused = diff(manifest(SHOP.replace("{name: shop}", "{name: Shop}")));
    assertEquals(4, refused.code(), refused.err());
    LiveApi.Ran later =
        diff(
            manifest(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: not-yet}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, namespace: not-yet}
                data: {a: b}
                """));
    assertEquals(1, later.code(), later.err());
    assertTrue(later.out().contains("+  a: b"), later.out());
    assertTrue(api.client.find(Kinds.NAMESPACE, new ObjectKey("", "not-yet")).isEmpty());
  }
}
