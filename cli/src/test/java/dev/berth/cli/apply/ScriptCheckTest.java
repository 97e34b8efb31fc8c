package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.script.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptCheckTest {
  @TempDir Path folder;

  @Test
  void everyMistakeOfTheScriptIsShownAtOnce() throws IOException {
    assertEquals(
        List.of("Dockerfile:2:6: unknown flag --chwon; did you mean --chown?", "Dockerfile:3:1"),
        check("FROM scratch\nCOPY --chwon=app box /box\nRUM x\n").stream()
            .map(said -> said.startsWith("Dockerfile:3:1") ? "Dockerfile:3:1" : said)
            .toList());
  }

  @Test
  void aSourceThatIsNotThereNamesTheNearest() throws IOException {
    file("box");

    assertEquals(
        List.of("Dockerfile:2:6: COPY bx: no such file in FOLDER; nearest: box"),
        check("FROM scratch\nCOPY bx /box\n"));
  }

  @Test
  void aHiddenSourceNamesTheRule() throws IOException {
    file("weights.bin");
    Files.writeString(folder.resolve(".dockerignore"), "# large\n*.bin\n");

    assertEquals(
        List.of(
            "Dockerfile:3:3: COPY weights.bin: hidden by .dockerignore:2 (*.bin); add a line"
                + " !weights.bin to .dockerignore"),
        check("FROM scratch\nCOPY \\\n  weights.bin /w\n"));
  }

  @Test
  void aFolderOfWhichSomethingIsLetInIsThere() throws IOException {
    file("data/keep/a");
    Files.writeString(folder.resolve(".dockerignore"), "data\n!data/keep\n");

    assertEquals(List.of(), check("FROM scratch\nCOPY data /data\n"));
  }

  @Test
  void whatTheBuilderAloneKnowsIsLeftToIt() throws IOException {
    assertEquals(
        List.of(),
        check(
            """
            FROM scratch AS one
            ARG NAME=x
            COPY $NAME *.txt /a/
            COPY . /all
            FROM scratch
            COPY --from=one /gone /c
            """));
  }

  @Test
  void aBoundSourceIsLookedForToo() throws IOException {
    assertEquals(
        List.of("Dockerfile:2:30: RUN --mount gone: no such file in FOLDER"),
        check("FROM scratch\nRUN --mount=type=bind,source=gone,target=/x ls\n"));
  }

  @Test
  void theCaretPointsAtTheSource() throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nCOPY a b /x/\n");
    file("a");

    Problem problem = ScriptCheck.of(folder, "Dockerfile", Optional.empty()).getFirst();

    assertEquals("  2 | COPY a b /x/\n    |        ^", problem.caretLine());
  }

  private List<String> check(String script) throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), script);
    return ScriptCheck.of(folder, "Dockerfile", Optional.empty()).stream()
        .map(Problem::headline)
        .map(said -> said.replace(folder + "/", "").replace(folder.toString(), "FOLDER"))
        .toList();
  }

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
