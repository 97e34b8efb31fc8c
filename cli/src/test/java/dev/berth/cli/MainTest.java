package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path temp;

  @Test
  void noWordsGiveShortHelpOnStdout() {
    assertEquals(0, run());
    assertTrue(said(out).startsWith("berth runs machine-learning apps"), said(out));
    assertEquals("", said(err));
  }

  @Test
  void aMistypedVerbIsGuessed() {
    assertEquals(1, run("aply"));
    assertTrue(said(err).contains("did you mean \"apply\"?"), said(err));
    assertEquals("", said(out));
  }

  @Test
  void aMistypedOptionIsGuessed() {
    assertEquals(1, run("get", "pods", "--wach"));
    assertTrue(said(err).contains("did you mean --watch?"), said(err));
  }

  @Test
  void aMistypedTypeIsGuessed() throws IOException {
    assertEquals(1, run("get", "modelap", "--kubeconfig", nobody().toString()));
    assertTrue(said(err).contains("did you mean \"modelapp\"?"), said(err));
  }

  @Test
  void helpAboutHelpIsHelp() {
    for (String words : List.of("help help", "help --help", "--help -h", "-h help help")) {
      out.reset();
      assertEquals(0, run(words.split(" ", -1)), words);
      assertTrue(said(out).startsWith("berth runs machine-learning apps"), said(out));
    }
  }

  /// One says that something would change.
  @Test
  void noFailureOfDiffIsAOne() throws IOException {
    Path broken = Files.writeString(temp.resolve("broken"), "{]");
    Path nothing = Files.writeString(temp.resolve("m.yaml"), "");
    assertEquals(2, run("diff"), said(err));
    assertEquals(2, run("diff", "-f"), said(err));
    assertEquals(2, run("diff", "--nonsense"), said(err));
    assertEquals(2, run("diff", "-f", nothing.toString(), "--kubeconfig", broken.toString()));
    assertEquals(
        2, run("diff", "-f", temp.resolve("none").toString(), "--kubeconfig", nobody().toString()));
  }

  @Test
  void helpOfEveryVerbShowsAnExampleFirst() {
    for (String verb : Verbs.names()) {
      if (!verb.equals("help")) {
        out.reset();
        String[] words = (verb + " --help").split(" ", -1);
        assertEquals(0, run(words), verb);
        List<String> lines = said(out).lines().toList();
        assertEquals("Example:", lines.get(0), verb);
        assertTrue(lines.get(1).contains("berth " + verb), lines.get(1));
      }
    }
  }

  @Test
  void aWordThatNeedsASecondOneNamesThem() {
    assertEquals(0, run("rollout"));
    assertTrue(said(out).contains("rollout undo"), said(out));
    assertEquals(1, run("rollout", "statsu"));
    assertTrue(said(err).contains("did you mean \"rollout status\"?"), said(err));
    out.reset();
    assertEquals(0, run("help", "rollout", "undo"));
    assertTrue(said(out).startsWith("Example:"), said(out));
  }

  @Test
  void noServerIsFiveAndSaysWhatToRun() throws IOException {
    assertEquals(5, run("get", "pods", "--kubeconfig", nobody().toString()));
    assertTrue(said(err).contains("berth up --detach"), said(err));
    assertEquals("", said(out));
  }

  @Test
  void anAtSignIsTheVerbsOwn() throws IOException {
    Path data = Files.writeString(temp.resolve("data.json"), "{ \"inputs\": [ 1, 2 ] }");

    assertEquals(5, run("call", "x", "--data", "@" + data, "--kubeconfig", nobody().toString()));
  }

  @Test
  void aBackupNeedsAPlace() {
    assertEquals(1, run("backup", temp.toString()));
    assertTrue(said(err).contains("is a folder"), said(err));
  }

  @Test
  void noServerLeavesNoHalfBackup() throws IOException {
    Path file = temp.resolve("berth.tar.gz");

    assertEquals(5, run("backup", file.toString(), "--kubeconfig", nobody().toString()));
    try (var left = Files.list(temp)) {
      assertTrue(left.noneMatch(found -> found.toString().contains("tar.gz")));
    }
  }

  @Test
  void aFileThatIsNoBackupIsNamedAndNothingIsPutInPlace() throws IOException {
    Path file = Files.writeString(temp.resolve("b.tar.gz"), "no backup");
    Path dir = temp.resolve("data");

    assertEquals(1, run("restore", file.toString(), "--data-dir", dir.toString()));
    assertTrue(said(err).contains("b.tar.gz is damaged"), said(err));
    assertTrue(Files.notExists(dir.resolve("pki")));
  }

  @Test
  void whyWithoutAServerIsFive() throws IOException {
    assertEquals(5, run("why", "digits", "--kubeconfig", nobody().toString()));
  }

  @Test
  void noKubeconfigIsFiveToo() {
    assertEquals(5, run("status", "--data-dir", temp.resolve("none").toString()));
    assertTrue(said(err).contains("there is no kubeconfig at"), said(err));
  }

  @Test
  void invalidManifestsAreFourWithEveryProblemAndItsPlace() throws IOException {
    Path manifest = temp.resolve("modelapp.yaml");
    Files.writeString(
        manifest,
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: iris}
        spec:
          model:
            imgae: iris:1
          endpoint:
            protocol: grpc
        """);

    assertEquals(4, run("apply", "-f", manifest.toString(), "--kubeconfig", nobody().toString()));
    assertTrue(
        said(err)
            .contains("modelapp.yaml:6:5 spec.model.imgae: unknown field; did you mean \"image\"?"),
        said(err));
    assertTrue(said(err).contains("modelapp.yaml:8:5 spec.endpoint.protocol"), said(err));
  }

  @Test
  void aMissingBuildContextHasItsPlace() throws IOException {
    Path manifest = temp.resolve("modelapp.yaml");
    Files.writeString(
        manifest,
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: iris}
        spec:
          model:
            build:
              context: modle
        """);

    assertEquals(4, run("apply", "-f", manifest.toString(), "--kubeconfig", nobody().toString()));
    assertTrue(
        said(err).contains("modelapp.yaml:7:7 spec.model.build.context: there is no folder"),
        said(err));
  }

  @ParameterizedTest
  @CsvSource({"bash,complete -F _berth berth", "zsh,#compdef berth", "fish,complete -c berth"})
  void everyShellHasACompletion(String shell, String line) {
    assertEquals(0, run("completion", shell));
    assertTrue(said(out).contains(line), said(out));
  }

  @Test
  void theBashCompletionCompletesInBash() throws IOException, InterruptedException {
    run("completion", "bash");
    Path script = Files.writeString(temp.resolve("berth.bash"), said(out));

    assertEquals("apply", completed(script, "berth ap"));
    assertEquals("--selector", completed(script, "berth get pods --sel"));
    assertEquals("modelapps", completed(script, "berth describe model"));
    assertEquals("bootstrap", completed(script, "berth image b"));
    assertEquals("status", completed(script, "berth rollout s"));
    assertEquals("rollback", completed(script, "berth git ro"));
    assertEquals("--confirm-prune", completed(script, "berth git sync --conf"));
    assertEquals("--to-revision", completed(script, "berth rollout undo --to"));
  }

  /// Asks bash itself what it would offer for this line.
  private static String completed(Path script, String line)
      throws IOException, InterruptedException {
    String ask =
        "source "
            + script
            + "; COMP_WORDS=("
            + line
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _berth; echo \"${COMPREPLY[*]}\"";
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor());
    return answer.strip();
  }

  private Path nobody() throws IOException {
    return Files.writeString(
        temp.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: none
        contexts: [{name: none, context: {cluster: none, user: none}}]
        clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: none, user: {}}]
        """);
  }

  private int run(String... words) {
    Terminal terminal = Terminal.of(out, err, Map.of(), new Properties());
    int code = Main.run(terminal, words);
    terminal.flush();
    return code;
  }

  private static String said(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
