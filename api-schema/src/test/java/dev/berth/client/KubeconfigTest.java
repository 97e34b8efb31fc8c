package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KubeconfigTest {
  private static final Path FILE = Path.of("kubeconfig");

  private static final String GOOD =
      """
      apiVersion: v1
      kind: Config
      current-context: berth
      contexts: [{name: berth, context: {cluster: c, user: u, namespace: shop}}]
      clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: CA}}]
      users: [{name: u, user: {client-certificate-data: CA, client-key-data: CA}}]
      """
          .replace(
              "CA}",
              Base64.getEncoder()
                      .encodeToString("pem".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                  + "}")
          .replace(
              "CA,",
              Base64.getEncoder()
                      .encodeToString("pem".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                  + ",");

  @Test
  void currentContextIsRead() {
    Kubeconfig config = Kubeconfig.parse(GOOD, FILE);
    assertEquals("https://127.0.0.1:6443", config.server().toString());
    assertEquals(Optional.of("pem"), config.clientKey());
    assertEquals("shop", config.namespace());
  }

  static Stream<String[]> wrong() {
    return Stream.of(
        new String[] {
          GOOD.replace("current-context: berth", "current-context: other"),
          "contexts has none named \"other\""
        },
        new String[] {GOOD.replace("cluster: c,", "cluster: d,"), "clusters has none named \"d\""},
        new String[] {GOOD.replace("https://", "ftp://"), "not an http(s) URL"},
        new String[] {GOOD.replace("https://127.0.0.1:6443", "::: no url"), "not a URL"},
        new String[] {GOOD.replace("client-key-data: ", "client-key-data: '%%%' #"), ""},
        new String[] {
          GOOD.replace(
              "user: {client-certificate-data",
              "user: {exec: {command: rm}, client-certificate-data"),
          "not supported"
        },
        new String[] {"[", "not a kubeconfig"},
        new String[] {"just text", "contexts has none"},
        new String[] {"a: !!javax.script.ScriptEngineManager [x]", "not a kubeconfig"},
        new String[] {"a: ".repeat(5000), "not a kubeconfig"},
        new String[] {"[".repeat(100_000), "not a kubeconfig"},
        new String[] {"a: &a [x]\nb: &b [*a,*a]\nb: 1", "not a kubeconfig"});
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsNamed(String text, String message) {
    IllegalArgumentException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> assertThrows(IllegalArgumentException.class, () -> Kubeconfig.parse(text, FILE)));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("kubeconfig kubeconfig: "), e.getMessage());
  }

  @Test
  void aliasBombIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append(
          "a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(8) + "*a" + (i - 1) + "]\n");
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThrows(
                IllegalArgumentException.class, () -> Kubeconfig.parse(bomb.toString(), FILE)));
  }

  @Test
  void absentFileIsNamed() {
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> Kubeconfig.read(Path.of("no-such-kubeconfig")));
    assertTrue(String.valueOf(e.getMessage()).contains("no-such-kubeconfig"));
  }
}
