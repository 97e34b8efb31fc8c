package dev.berth.controller.customkind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class SchemaRulesTest {
  /// The last ones have more digits than anybody should count.
  @ParameterizedTest
  @CsvSource({"0.3,0.1,0", "0.35,0.1,1", "7,2,1", "1e3,10,0", "1e300000,3,0", "6,1e-300000,0"})
  void multiplesAreThoseOfTheDecimals(BigDecimal number, BigDecimal step, int errors) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.putObject("properties").putObject("a").put("type", "number").put("multipleOf", step);
    List<FieldError> found = new ArrayList<>();
    new SchemaRules(schema).check(Json.object().put("a", number), found);
    assertEquals(errors, found.size(), found::toString);
  }
}
