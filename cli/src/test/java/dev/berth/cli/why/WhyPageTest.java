package dev.berth.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Link;
import dev.berth.cli.term.Wrap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WhyPageTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:32:15Z");
  private static final JsonNode DIGITS =
      Json.parse(
          "{\"kind\":\"ModelApp\",\"metadata\":{\"name\":\"digits\",\"namespace\":\"default\"}}");

  @Test
  void theRootComesFirstThenWhatFollowsThenTheFix() {
    assertEquals(
        """
        digits is not ready since 2026-11-22T21:30:05Z (2m10s): ExitedEarly

        because  pod digits-model-r1-x7: the server ended (exit code 3)
                 | cannot read weights.bin
                 event BackOff: restarting
        so       endpoint digits-model has no ready replica
        fix      put the file into the image
        see      berth logs pod/digits-model-r1-x7 --previous -n shop\
        """,
        page(Wrap.NEVER, broken("the server ended")));
  }

  @Test
  void anExitCodeThatTheMessageNamesIsNotSaidAgain() {
    assertTrue(
        page(Wrap.NEVER, broken("the container exited with code 3"))
            .contains("the container exited with code 3\n"));
  }

  @Test
  void narrowTerminalsGetTheSameWordsInMoreLines() {
    assertEquals(
        """
        digits is not ready since
        2026-11-22T21:30:05Z (2m10s):
        ExitedEarly

        because  pod digits-model-r1-x7: the
                 server ended (exit code 3)
        """
            .strip(),
        String.join("\n", page(40, broken("the server ended")).lines().limit(6).toList()));
  }

  @Test
  void nothingOfAStrangerReachesTheTerminalAsItIs() {
    String page = page(Wrap.NEVER, broken("said \u001b]0;owned\u0007"));

    assertTrue(page.contains("said \\x1b]0;owned\\x07"), page);
  }

  @Test
  void healthyIsOneLine() {
    Explanation well = new Explanation(true, Optional.empty(), List.of(), List.of(), List.of());
    JsonNode app =
        Json.parse(
            """
            {"kind":"ModelApp","metadata":{"name":"digits","namespace":"shop"},
             "status":{"url":"http://digits.localhost","endpoint":{"protocol":"openai"},
               "revisions":[{"name":"r2","ready":1,"desired":1}],"app":{"ready":2,"desired":2}}}
            """);

    assertEquals(
        List.of(
            "digits (namespace shop) is healthy: model r2 1/1, endpoint speaks openai, app 2/2,"
                + " http://digits.localhost"),
        new WhyPage(false, Wrap.NEVER, NOW, command -> command).of(app, well));
  }

  @Test
  void underWayIsNoVerdict() {
    Explanation way =
        new Explanation(
            false,
            Optional.empty(),
            List.of(new Link("modelapp digits", "its image is being built")),
            List.of(),
            List.of());

    assertEquals(
        """
        digits is not ready yet

        waits    its image is being built
        more     berth describe modelapp/digits -n shop\
        """,
        page(Wrap.NEVER, way));
  }

  private static Explanation broken(String message) {
    Cause root =
        new Cause(
            "ExitedEarly",
            "pod digits-model-r1-x7",
            message,
            "put the file into the image",
            Optional.of("berth logs pod/digits-model-r1-x7 --previous"),
            OptionalInt.of(3),
            Optional.empty(),
            Optional.of(Instant.parse("2026-11-22T21:30:05Z")),
            List.of("cannot read weights.bin"));
    return new Explanation(
        false,
        Optional.of(root),
        List.of(
            new Link("pod digits-model-r1-x7", "ended"),
            new Link("endpoint digits-model", "has no ready replica")),
        List.of(
            "pod digits-model-r1-x7: CrashLoopBackOff: " + message, "event BackOff: restarting"),
        List.of("put the file into the image"));
  }

  private static String page(int columns, Explanation why) {
    return String.join(
        "\n", new WhyPage(false, columns, NOW, command -> command + " -n shop").of(DIGITS, why));
  }
}
