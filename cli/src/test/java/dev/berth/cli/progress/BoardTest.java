package dev.berth.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.progress.Row.State;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BoardTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aTerminalSeesTheTree() {
    Board board = new Board(terminal(Map.of("NO_COLOR", "1"), true));
    board.finish(tree(12, pulling("61% (118/193 MB)")));

    assertEquals(
        """
        apply shop  (3 objects)                                               12s / 5m
         OK  ConfigMap/shop-env            configured
         ..  Deployment/shop               2/3 ready   revision 7
             |- shop-7f-a1 node-2          Ready
             |- shop-7f-b2 node-1          Ready
             '- shop-7f-c3 node-3          Pulling 61% (118/193 MB)
         --  Service/shop                  unchanged
        """,
        said().replace("\u001b[K", "").replace("\u001b[J", ""));
  }

  @Test
  void aTerminalIsRedrawnInPlaceAndNotTooOften() {
    Board board = new Board(terminal(Map.of("NO_COLOR", "1"), true));
    board.show(tree(1, pulling("1%")));
    board.show(tree(1, pulling("2%")));
    board.show(tree(2, pulling("3%")));

    assertFalse(said().contains("Pulling 2%"));
    assertTrue(said().contains("\u001b[7A\rapply shop"), said());
  }

  @Test
  void aLogSeesOneLinePerChange() {
    Board board = new Board(terminal(Map.of(), false));
    board.show(tree(1, pulling("10%")));
    board.show(tree(3, pulling("10%")));
    board.finish(tree(9, pulling("100%")));

    assertEquals(
        """
        apply shop  (3 objects)
            1s  OK  ConfigMap/shop-env            configured
            1s  ..  Deployment/shop               2/3 ready   revision 7
            1s  OK    shop-7f-a1 node-2             Ready
            1s  OK    shop-7f-b2 node-1             Ready
            1s  ..    shop-7f-c3 node-3             Pulling 10%
            1s  --  Service/shop                  unchanged
            9s  ..    shop-7f-c3 node-3             Pulling 100%
        """,
        said());
  }

  @Test
  void aDumbTerminalIsALog() {
    new Board(terminal(Map.of("TERM", "dumb"), true)).finish(tree(1, pulling("10%")));

    assertFalse(said().contains("\u001b"));
  }

  @Test
  void coloursNeedATerminalAndNoNoColor() {
    new Board(terminal(Map.of(), true)).finish(tree(1, pulling("10%")));

    assertTrue(said().contains("\u001b[32m OK  ConfigMap/shop-env"));
  }

  @Test
  void namesCannotDriveTheTerminal() {
    new Board(terminal(Map.of("NO_COLOR", "1"), true))
        .finish(tree(1, pulling("\u001b]0;owned\u0007")));

    assertTrue(said().contains("Pulling \\x1b]0;owned\\x07"));
  }

  private Terminal terminal(Map<String, String> env, boolean tty) {
    Properties properties = new Properties();
    properties.setProperty("berth.tty.err", Boolean.toString(tty));
    properties.setProperty("berth.columns", "100");
    return Terminal.of(OutputStream.nullOutputStream(), err, env, properties);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static Row pulling(String progress) {
    return Row.of(State.RUNNING, "shop-7f-c3 node-3", "Pulling " + progress);
  }

  private static Tree tree(int seconds, Row third) {
    Row deployment =
        Row.of(State.RUNNING, "Deployment/shop", "2/3 ready   revision 7")
            .with(Row.of(State.DONE, "shop-7f-a1 node-2", "Ready"))
            .with(Row.of(State.DONE, "shop-7f-b2 node-1", "Ready"))
            .with(third);
    return new Tree(
        "apply shop  (3 objects)",
        Duration.ofSeconds(seconds),
        Optional.of(Duration.ofMinutes(5)),
        List.of(
            Row.of(State.DONE, "ConfigMap/shop-env", "configured"),
            deployment,
            Row.of(State.UNCHANGED, "Service/shop", "unchanged")));
  }
}
