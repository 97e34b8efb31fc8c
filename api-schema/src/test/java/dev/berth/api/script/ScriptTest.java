package dev.berth.api.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.script.Instruction.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
  private static Script parse(String text) {
    return Script.parse("Dockerfile", text);
  }

  private static <T extends Instruction> T only(Class<T> type, String text) {
    List<Instruction> steps = parse("FROM a\n" + text).stages().getFirst().steps();
    assertEquals(1, steps.size(), steps::toString);
    return type.cast(steps.getFirst());
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

  @Test
  void onlyTheStagesThatTheTargetNeedsAreBuilt() {
    Script script =
        parse(
            "FROM a AS one\nFROM b AS two\nFROM c AS three\nCOPY --from=one /x /y\nFROM d AS four\nRUN --mount=from=two,dst=/x y\n");
    assertEquals(
        List.of(1, 3), script.needed(Optional.empty()).stream().map(Script.Stage::index).toList());
    assertEquals(
        List.of(0, 2),
        script.needed(Optional.of("three")).stream().map(Script.Stage::index).toList());
  }

  @Test
  void theEscapeCharacterMayBeABacktick() {
    Script script = parse("# escape=`\nFROM a\nRUN a `\n b\nENV P=c:\\x `\n Q=1\n");
    List<Instruction> steps = script.stages().getFirst().steps();
    assertEquals("a  b", ((Instruction.Run) steps.getFirst()).command().words().getFirst());
    assertEquals(Map.of("P", "c:\\x", "Q", "1"), ((Instruction.Env) steps.getLast()).values());
  }

  @Test
  void anEscapedBackslashContinuesNothing() {
    Script script = parse("FROM a\nRUN echo \\\\\nRUN b\n");
    assertEquals(2, script.stages().getFirst().steps().size());
  }

  @Test
  void byteOrderMarkAndCarriageReturnsAreAccepted() {
    Script script = parse("\uFEFF# check=skip=all\r\nFROM a\r\nRUN b \\\r\n  c\r\n");
    assertEquals(
        List.of("b   c"),
        ((Instruction.Run) script.stages().getFirst().steps().getFirst()).command().words());
  }

  @Test
  void aDocumentIsReadByTheShell() {
    Instruction.Run run =
        only(Instruction.Run.class, "RUN cat <<EOF > /x && \\\n  true\n# kept\n$a \\\nEOF\n");
    assertEquals(
        new Command(List.of("cat <<EOF > /x &&   true\n# kept\n$a \\\nEOF\n"), true),
        run.command());
    assertEquals(Optional.empty(), run.program());
  }

  @Test
  void aDocumentAloneIsTheCommand() {
    Instruction.Run run =
        only(
            Instruction.Run.class,
            "RUN --mount=type=cache,dst=/c <<-'E'\n\tset -e\n\t\techo\n\tE\n");
    assertEquals(new Command(List.of("set -e\necho\n"), true), run.command());
    assertEquals(List.of(new Heredoc("E", "set -e\necho\n", false)), run.heredocs());
    assertEquals(1, run.mounts().size());
  }

  @Test
  void aDocumentWithItsInterpreterIsAProgram() {
    Instruction.Run run =
        only(Instruction.Run.class, "RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n");
    assertEquals("#!/usr/bin/env python3\nprint(1)\n", run.program().orElseThrow().content());
  }

  @Test
  void severalDocumentsFollowEachOther() {
    Instruction.Copy copy =
        only(
            Instruction.Copy.class,
            "COPY --chmod=644 <<a.txt <<\"b.txt\" c /dir/\n1\na.txt\n2\nb.txt\n");
    assertEquals(
        List.of(new Heredoc("a.txt", "1\n", true), new Heredoc("b.txt", "2\n", false)),
        copy.files());
    assertEquals(List.of("c"), copy.sources());
    assertEquals("/dir/", copy.target());
  }

  @Test
  void aHereStringIsNoDocument() {
    assertTrue(only(Instruction.Run.class, "RUN cat <<<EOF x<<EOF 'a <<EOF'").heredocs().isEmpty());
  }

  @Test
  void mountsHaveTheirOptions() {
    Instruction.Run run =
        only(
            Instruction.Run.class,
            "RUN --mount=type=cache,id=pip,dst=/c,sharing=locked,mode=0700,uid=1,gid=2,ro --mount=src=x,target=/b,from=one,rw --mount=type=tmpfs,target=/t,size=64m --mount=type=secret,id=key --mount=type=secret,id=k2,env=K,required --network=default --security=sandbox x --mount=type=y");
    assertEquals(
        List.of(
            new Mount.Cache(
                "/c", "pip", Mount.Sharing.LOCKED, true, Optional.empty(), "/", 0700, 1, 2),
            new Mount.Bind("/b", "x", Optional.of("one"), true),
            new Mount.Tmpfs("/t", OptionalLong.of(64 << 20)),
            new Mount.Secret(
                "key", "/run/secrets/key", Optional.empty(), false, OptionalInt.empty(), 0, 0),
            new Mount.Secret("k2", "", Optional.of("K"), true, OptionalInt.empty(), 0, 0)),
        run.mounts());
    assertEquals(List.of("x --mount=type=y"), run.command().words());
  }

  @Test
  void healthChecksHaveTheirTimes() {
    Instruction.HealthCheck check =
        only(
            Instruction.HealthCheck.class,
            "HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0 --start-interval=250ms --retries=5 CMD curl -f x || exit 1");
    assertEquals(Optional.of(new Command(List.of("curl -f x || exit 1"), true)), check.command());
    assertEquals(Optional.of(Duration.ofSeconds(90)), check.interval());
    assertEquals(Optional.of(Duration.ofMillis(1500)), check.timeout());
    assertEquals(Optional.of(Duration.ZERO), check.startPeriod());
    assertEquals(Optional.of(Duration.ofMillis(250)), check.startInterval());
    assertEquals(OptionalInt.of(5), check.retries());
    assertEquals(
        Optional.empty(), only(Instruction.HealthCheck.class, "HEALTHCHECK none").command());
    assertEquals(
        List.of("a", "b"),
        only(Instruction.HealthCheck.class, "HEALTHCHECK CMD [\"a\", \"b\"]")
            .command()
            .orElseThrow()
            .words());
  }

  @Test
  void shellAndStopSignalAreRead() {
    assertEquals(
        List.of("/bin/bash", "-c"),
        only(Instruction.Shell.class, "SHELL [\"/bin/bash\", \"-c\"]").words());
    assertEquals("SIGINT", only(Instruction.StopSignal.class, "STOPSIGNAL SIGINT").signal());
    assertEquals(
        List.of("/bin/bash", "-c", "x y"),
        new Command(List.of("x y"), true).argv(List.of("/bin/bash", "-c")));
  }

  @Test
  void triggersRunWhereTheImageIsUsed() {
    Instruction.OnBuild onBuild = only(Instruction.OnBuild.class, "ONBUILD RUN <<E\n  make\nE\n");
    List<Instruction> triggers =
        Script.triggers("base:1", List.of(onBuild.trigger(), "COPY . /src"));
    assertEquals(List.of("  make\n"), ((Instruction.Run) triggers.getFirst()).command().words());
    assertEquals("/src", ((Instruction.Copy) triggers.getLast()).target());
  }

  @Test
  void copyMayBeAList() {
    Instruction.Copy copy =
        only(Instruction.Copy.class, "COPY --from=x --link [\"a b\", \"c\", \"/d e/\"]");
    assertEquals(List.of("a b", "c"), copy.sources());
    assertEquals("/d e/", copy.target());
    assertTrue(copy.link());
    assertFalse(copy.unpack());
    assertTrue(only(Instruction.Copy.class, "ADD a.tgz /x").unpack());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$a|1",
        "${a}b|1b",
        "${x:-d}|d",
        "${x-d}|d",
        "${e:-d}|d",
        "${e-d}|``",
        "${a:+y}|y",
        "${x:+y}|``",
        "${e+y}|y",
        "'$a'|$a",
        "\\$a|$a",
        "\"$a c\"|1 c",
        "\"\\x\"|\\x",
        "${x:-${a}}|1",
        "${x:-'${a}'}|${a}",
        "${p#*/}|b/c.tar.gz",
        "${p##*/}|c.tar.gz",
        "${p%.*}|a/b/c.tar",
        "${p%%.*}|a/b/c",
        "${p%.zip}|a/b/c.tar.gz",
        "${p/?/X}|X/b/c.tar.gz",
        "${p//\\//-}|a-b-c.tar.gz",
        "$|$",
        "a$-b|a$-b"
      })
  void variablesExpand(String text, String expected) {
    assertEquals(expected, Words.expand(text, Map.of("a", "1", "e", "", "p", "a/b/c.tar.gz")));
  }

  @Test
  void documentsExpandWithoutLosingQuotes() {
    assertEquals(
        "x='1' \"1\" $a \\n\n",
        Words.expandDocument("x='$a' \"${a}\" \\$a \\n\n", Map.of("a", "1"), '\\'));
  }
}
