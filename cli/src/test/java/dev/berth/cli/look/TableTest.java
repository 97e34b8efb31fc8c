package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.cli.term.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final String SERVER =
      """
      {"kind":"Table","metadata":{"resourceVersion":"12"},
       "columnDefinitions":[{"name":"Name","priority":0},{"name":"Ready","priority":0},{"name":"Image","priority":1}],
       "rows":[{"cells":["digits","True","x@sha256:1"],"object":{"metadata":{"namespace":"default","name":"digits"}}},
               {"cells":["a",null,"y"],"object":{"metadata":{"namespace":"shop","name":"a"}}}]}
      """;

  @Test
  void columnsOfLowerPriorityNeedWide() {
    assertEquals(
        List.of("Name", "Ready"),
        ServerTable.of(Json.parse(SERVER), new ServerTable.Extras(false, false, false)).headings());
    assertEquals(
        List.of("Name", "Ready", "Image"),
        ServerTable.of(Json.parse(SERVER), new ServerTable.Extras(true, false, false)).headings());
  }

  @Test
  void rowsAreAlignedUnderTheirHeadings() {
    ServerTable table =
        ServerTable.of(Json.parse(SERVER), new ServerTable.Extras(false, true, false));

    assertEquals(
        """
        NAMESPACE   NAME     READY
        default     digits   True
        shop        a        <none>\
        """,
        String.join("\n", new Table(table.headings()).lines(table.rows())));
  }

  @Test
  void aCellCannotDriveTheTerminal() {
    assertEquals(
        "NAME\na\\x1b[31m",
        String.join("\n", new Table(List.of("name")).lines(List.of(List.of("a\u001b[31m")))));
  }
}
