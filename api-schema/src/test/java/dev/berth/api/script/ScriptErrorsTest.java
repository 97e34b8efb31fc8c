package dev.berth.api.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptErrorsTest {
  private static List<Problem> problems(String text) {
    return assertThrows(ScriptException.class, () -> Script.parse("Dockerfile", text)).problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "RNU x|2:1: unknown instruction RNU; did you mean RUN?",
        "HEALTHCECK NONE|2:1: unknown instruction HEALTHCECK; did you mean HEALTHCHECK?",
        "VOLUME /data|2:1: VOLUME is not supported: what a container writes goes with the container; remove the line",
        "MAINTAINER me|2:1: MAINTAINER is not supported: write LABEL org.opencontainers.image.authors=\"...\"",
        "USER|2:1: USER needs an argument",
        "USER a b|2:8: USER takes one argument",
        "COPY --chwon=app . /srv|2:6: unknown flag --chwon; did you mean --chown?",
        "COPY --parents a b|2:6: COPY --parents is not supported: name each folder in a COPY of its own",
        "COPY --exclude=x a b|2:6: COPY --exclude is not supported: name the files in .dockerignore",
        "COPY --from a b|2:6: --from needs a value: --from=...",
        "COPY --chmod=u+x a b|2:14: --chmod=u+x: only octal modes are supported, such as 755",
        "COPY --link=yes a b|2:13: --link is true or false, not yes",
        "COPY --chown=1 --chown=2 a b|2:16: --chown stands here twice",
        "COPY a|2:1: COPY needs at least one source and a target",
        "COPY 'a b|2:6: this quote is not closed",
        "COPY ${a b|2:6: this ${ is not closed",
        "ENV A=${a^^}|2:7: ${a^^} is not a form that is known; see ${v:-word}",
        "ENV A=${}|2:7: ${} needs the name of a variable",
        "ENV A|2:5: ENV needs a value: ENV A=VALUE",
        "ENV A=1 B|2:9: ENV: not NAME=VALUE: B; a value with blanks needs quotes",
        "ARG 1=2|2:5: ARG: not a name: 1",
        "EXPOSE web|2:8: EXPOSE: not a port: web (8080, 8080/udp)",
        "EXPOSE 99999|2:8: EXPOSE: not a port: 99999 (8080, 8080/udp)",
        "ADD https://example.org/a b|2:5: ADD of a URL is not supported: only local files can be added; use RUN with curl",
        "ADD --checksum=x a b|2:5: ADD --checksum is not supported: only local files can be added",
        "ADD --from=x a b|2:5: unknown flag --from",
        "SHELL /bin/bash|2:7: SHELL takes a JSON list: SHELL [\"/bin/bash\", \"-c\"]",
        "STOPSIGNAL 9x|2:12: STOPSIGNAL: not a signal: 9x (SIGTERM, 15)",
        "HEALTHCHECK curl x|2:13: unknown kind of check curl; write HEALTHCHECK CMD command, or HEALTHCHECK NONE",
        "HEALTHCHECK --intervall=5s CMD x|2:13: unknown flag --intervall; did you mean --interval?",
        "HEALTHCHECK --interval=5 CMD x|2:24: --interval is a duration such as 30s or 1m30s, not 5",
        "HEALTHCHECK --retries=x CMD x|2:23: --retries is a number, not x",
        "HEALTHCHECK NONE x|2:13: HEALTHCHECK NONE takes nothing else",
        "HEALTHCHECK CMD|2:13: HEALTHCHECK CMD needs a command",
        "ONBUILD ONBUILD RUN x|2:9: ONBUILD ONBUILD is not allowed",
        "ONBUILD FROM x|2:9: ONBUILD FROM is not allowed",
        "ONBUILD maintainer x|2:9: ONBUILD MAINTAINER is not allowed",
        "ONBUILD COYP a b|2:9: unknown instruction COYP; did you mean COPY?",
        "RUN --network=none x|2:5: RUN --network=none is not supported: a step has the network of all builds",
        "RUN --security=insecure x|2:5: RUN --security=insecure is not supported: a step never has more rights than a container",
        "RUN --device=x y|2:5: RUN --device is not supported: builds see no devices of the host",
        "RUN --moun=x y|2:5: unknown flag --moun; did you mean --mount?",
        "RUN --mount=type=cahce,target=/x y|2:18: unknown mount type cahce; did you mean cache?",
        "RUN --mount=type=ssh y|2:18: mounts of type ssh are not supported: there is no SSH agent where builds run",
        "RUN --mount=type=cache y|2:5: this mount needs a target: target=DIR",
        "RUN --mount=type=cache,targte=/x,dst=/y y|2:24: unknown option targte of a cache mount; did you mean target?",
        "RUN --mount=type=cache,dst=/x,sharing=all y|2:39: sharing is shared, private or locked, not all",
        "RUN --mount=type=cache,dst=/x,mode=9 y|2:36: mode is an octal mode, not 9",
        "RUN --mount=type=cache,dst=/x,target=/y z|2:31: the option target stands here twice",
        "RUN --mount=type=tmpfs,dst=/x,size=big y|2:36: size is a number of bytes such as 64m, not big",
        "RUN --mount=type=secret y|2:5: this mount needs the id of a secret: id=NAME",
        "RUN --mount y|2:5: --mount needs options: --mount=type=cache,target=DIR",
        "RUN --mount=type=cache,dst=/x|2:1: RUN needs a command",
        "RUN cat <<EOT|2:9: this here-document does not end: a line must say EOT alone",
        "FROM a b|2:8: FROM takes an image and, optionally, AS and a name",
        "FROM a AS 1x|2:11: not a stage's name: 1x (a letter, then letters, digits, - _ .)",
        "FROM --platform=linux/arm64 a|2:17: FROM --platform=linux/arm64 is not supported: builds are for linux/amd64"
      })
  void everyMistakeHasItsPlaceAndItsWords(String line, String expected) {
    assertEquals("Dockerfile:" + expected, problems("FROM a\n" + line).getFirst().headline());
  }

  @Test
  void theCaretPointsAtTheWord() {
    assertEquals(
        """
        Dockerfile:7:6: unknown flag --chwon; did you mean --chown?
          7 | COPY --chwon=app . /srv
            |      ^""",
        problems("\n\n\n\n\nFROM a\nCOPY --chwon=app . /srv\n").getFirst().toString());
  }

  @Test
  void aPlaceInAContinuedLineIsThatOfItsOwnLine() {
    assertEquals(
        """
        Dockerfile:4:4: unknown flag --chwon; did you mean --chown?
          4 |    --chwon=app . /srv
            |    ^""",
        problems("FROM a\nCOPY \\\n  # why\n\t  --chwon=app . /srv\n").getFirst().toString());
  }

  @Test
  void allProblemsAreSaidAtOnce() {
    List<Problem> found =
        problems(
            "FROM a\nRNU x\nCOPY --chwon=1 --lnik a b\nRUN <<E\nRNU\nE\nHEALTHCHECK --retries=a --timeout=b CMD x\n");
    assertEquals(
        List.of("2:1", "3:6", "3:16", "7:23", "7:35"),
        found.stream().map(p -> p.line() + ":" + p.column()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN x|1:1: the first instruction must be FROM (only ARG may stand before it)",
        "# only a comment|1:1: the script has no FROM",
        "''|1:1: the script has no FROM",
        "ARG A=1|1:1: the script has no FROM",
        "# escape=x|1:1: escape is \\ or `, not x"
      })
  void aScriptStartsWithFrom(String text, String expected) {
    assertEquals("Dockerfile:" + expected, problems(text).getFirst().headline());
  }

  @Test
  void stagesHaveDifferentNamesAndTargetsExist() {
    assertEquals(
        "Dockerfile:2:1: there is another stage of the name x",
        problems("FROM a AS x\nFROM b AS X\n").getFirst().headline());
    Script script = Script.parse("Dockerfile", "FROM a AS serve\n");
    assertEquals(
        "Dockerfile:1:1: no stage is named sevre; did you mean serve?",
        assertThrows(ScriptException.class, () -> script.needed(java.util.Optional.of("sevre")))
            .getMessage());
  }

  @Test
  void binaryFilesAreRefused() {
    assertEquals(
        "Dockerfile:2:5: this is not text: there is a NUL byte",
        problems("FROM a\nRUN \0x\n").getFirst().headline());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN ",
        "\\\n",
        "COPY \"",
        "ENV A=${a:-",
        "<<EOF ",
        "RUN <<E <<F ",
        "[\"a\",",
        "'",
        "{",
        "\r",
        "--mount=,",
        "\u0001",
        "FROM a\n",
        "X\n",
        "RUN --mount=type=cache,",
        "ONBUILD "
      })
  void hostileTextsAreReadInBoundedTime(String part) {
    String text = "FROM a\nENV " + part.repeat(1_000_000 / part.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            Script.parse("Dockerfile", text);
          } catch (ScriptException e) {
            assertTrue(e.problems().size() <= 60);
            assertTrue(String.valueOf(e.getMessage()).length() < 40_000);
          }
        });
  }

  @Test
  void aScriptOfMoreThanOneMebibyteIsRefusedUnread() {
    assertEquals(
        "Dockerfile:1:1: a container script has at most 1 MiB",
        problems("FROM a\n".repeat(200_000)).getFirst().headline());
  }

  /// Whatever is written, it is understood or refused with a place that exists.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTextIsUnderstoodOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "" : "FROM a\n");
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      parsed(text.toString(), "seed " + seed + ": " + text);
    }
  }

  private static final List<String> PARTS =
      List.of(
          "RUN ",
          "COPY ",
          "ADD ",
          "ONBUILD ",
          "ENV ",
          "ARG ",
          "FROM ",
          "HEALTHCHECK ",
          "SHELL ",
          "LABEL ",
          "EXPOSE ",
          "USER ",
          "STOPSIGNAL ",
          "WORKDIR ",
          "CMD ",
          "ENTRYPOINT ",
          "NONE",
          "--mount=",
          "type=",
          "cache",
          "secret",
          ",",
          "=",
          "target=/x",
          "--from=",
          "--",
          "-",
          "\n",
          "\n",
          "\n",
          "\\\n",
          "\\",
          "<<E",
          "<<-\"E\"",
          "E\n",
          "\t",
          " ",
          " ",
          "\"",
          "'",
          "[",
          "]",
          "[\"a\"]",
          "$",
          "${",
          "}",
          "a",
          "b:-",
          "#",
          "%",
          "/",
          "*",
          "?",
          "AS ",
          "8080",
          "\r",
          "\u00e9",
          "\uD83D",
          "# escape=`\n",
          "`\n",
          "0",
          "99999999999",
          "/udp",
          "--interval=",
          "1s");

  private static void parsed(String text, String shown) {
    try {
      Script script = Script.parse("Dockerfile", text);
      script.needed(java.util.Optional.empty());
    } catch (ScriptException e) {
      for (Problem problem : e.problems()) {
        assertTrue(problem.line() >= 1 && problem.column() >= 1, shown);
        assertTrue(problem.line() <= Math.max(1, text.lines().count()), shown);
        assertTrue(!problem.message().isEmpty(), shown);
      }
    }
  }
}
