package dev.berth.agent.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptParserTest {
  private static Script parse(String text) {
    return Script.parse("Dockerfile", text);
  }

  @Test
  void stagesArgumentsAndContinuationsAreRead() {
    Script script =
        parse(
            "# syntax=docker/dockerfile:1\nARG BASE=debian\nFROM ${BASE} AS Build\nRUN a && \\\n  # why\n\n  b\nFROM scratch\nCOPY --from=build --chown=1:2 /a /b ./\nCMD [\"x\", \"y\"]\n");
    assertEquals(Map.of("BASE", Optional.of("debian")), script.globals());
    assertEquals(Optional.of("build"), script.stages().getFirst().from().name());
    assertEquals(
        List.of("a &&   b"),
        ((Instruction.Run) script.stages().getFirst().steps().getFirst()).command().words());
    Instruction.Copy copy = (Instruction.Copy) script.stages().getLast().steps().getFirst();
    assertEquals(List.of("/a", "/b"), copy.sources());
    assertEquals(Optional.of("build"), copy.from());
    assertEquals(
        List.of("x", "y"),
        ((Instruction.Cmd) script.stages().getLast().steps().getLast()).command().argv());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HEALTHCHECK CMD true|Dockerfile:2: HEALTHCHECK is not supported",
        "VOLUME /data|Dockerfile:2: VOLUME is not supported",
        "RUN --mount=type=cache,target=/x y|Dockerfile:2: RUN --mount is not supported",
        "RUN cat <<EOT|Dockerfile:2: RUN with a here-document is not supported",
        "COPY --link a b|Dockerfile:2: COPY --link is not supported",
        "ADD https://example.org/a b|Dockerfile:2: ADD of a URL is not supported: only local files",
        "COPY a|Dockerfile:2: COPY needs at least one source and a target",
        "RNU x|Dockerfile:2: unknown instruction RNU",
        "USER|Dockerfile:2: USER needs an argument"
      })
  void whatIsNotSupportedIsRefusedWithItsPlace(String line, String message) {
    assertEquals(
        message, assertThrows(ScriptException.class, () -> parse("FROM a\n" + line)).getMessage());
  }

  @Test
  void onlyTheStagesThatTheTargetNeedsAreBuilt() {
    Script script = parse("FROM a AS one\nFROM b AS two\nFROM c AS three\nCOPY --from=one /x /y\n");
    assertEquals(
        List.of(0, 2), script.needed(Optional.empty()).stream().map(Script.Stage::index).toList());
    assertEquals(
        List.of(1), script.needed(Optional.of("two")).stream().map(Script.Stage::index).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$a|1",
        "${a}b|1b",
        "${x:-d}|d",
        "${x-d}|d",
        "${e:-d}|d",
        "${a:+y}|y",
        "${x:+y}|''",
        "'\\$a'|$a",
        "\"$a c\"|1 c",
        "${x:-${a}}|1"
      })
  void variablesExpand(String text, String expected) {
    assertEquals(expected, Words.expand(text, Map.of("a", "1", "e", "")));
  }

  @Test
  void singleQuotesKeepADollar() {
    assertEquals("$a", Words.expand("'$a'", Map.of("a", "1")));
  }

  @ParameterizedTest
  @CsvSource({
    "*.py,a.py,true",
    "*.py,d/a.py,false",
    "a?c,abc,true",
    "arr[[]0].txt,arr[0].txt,true",
    "[a-c].x,b.x,true",
    "[^a].x,a.x,false"
  })
  void patternsMatchAsInGo(String glob, String name, boolean matches) {
    assertEquals(matches, Glob.compile(glob).matcher(name).matches());
  }
}
