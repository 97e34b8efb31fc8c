package dev.berth.api.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.schema.Schemas;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonBodyTest {

  private static JsonBody read(String json) {
    return JsonBody.read(json.getBytes(UTF_8));
  }

  @Test
  void ofANameThatComesTwiceTheLastValueHoldsAndItsPathIsSaid() {
    JsonBody body =
        read(
            "{\"a\":1,\"spec\":{\"c\":[{\"x\":1},{\"x\":1,\"x\":2,\"x\":3}],\"d\":[[{\"y\":1,\"y\":2}]]},\"a\":2}");
    assertEquals(List.of("spec.c[1].x", "spec.d[0][0].y", "a"), body.duplicates());
    assertEquals(
        "{\"a\":2,\"spec\":{\"c\":[{\"x\":1},{\"x\":3}],\"d\":[[{\"y\":2}]]}}",
        Json.string(body.tree()));
  }

  @Test
  void aBodyWithoutDuplicatesIsWhatItIs() {
    assertEquals(new JsonBody(Json.parse("{\"a\":[1,2]}"), List.of()), read("{\"a\":[1,2]}"));
  }

  @Test
  void strictErrorsAreUnknownFieldsAndKnownOnesThatComeTwice() {
    JsonBody body =
        read(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"datta\":{},\"datta\":{},\"data\":{},\"data\":{}}");
    assertEquals(
        List.of("unknown field \"datta\"", "duplicate field \"data\""),
        JsonBody.strictErrors(
            Schemas.of(Kinds.CONFIG_MAP).unknownFields(body.tree()), body.duplicates()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":}",
        "{\"a\":1,\"a\":NaN}",
        "{\"a\":1,\"a\":2} {\"b\":",
        "{\"a\":1,",
        "{a:1}",
        "{'a':1}"
      })
  void whatIsNoJsonIsRefused(String json) {
    assertThrows(JacksonException.class, () -> Json.parse(Json.bytes(read(json).tree())));
  }

  /// A path of a megabyte, and a million objects below it.
  @Test
  void pathsArePutTogetherOnlyForDuplicatesAndAreShort() {
    StringBuilder body = new StringBuilder("{\"a\":1,\"a\":2,");
    String name = "n".repeat(4_000);
    for (int i = 0; i < 60; i++) {
      body.append('"').append(name).append("\":{");
    }
    body.append("\"x\":1,\"x\":2,\"l\":[{}");
    body.append(",{}".repeat(1_000_000)).append(']').append("}".repeat(61));
    List<String> duplicates =
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(body.toString()).duplicates());
    assertEquals("a", duplicates.getFirst());
    assertEquals("..." + "n".repeat(998) + ".x", duplicates.getLast());
  }

  @Test
  void aDuplicateOpensNoWayAroundTheLimits() {
    String deep = "{\"a\":1,\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
    assertThrows(JacksonException.class, () -> read(deep));
    assertThrows(IllegalArgumentException.class, () -> read("{\"a\":1,\"a\":1e999}"));
    StringBuilder many = new StringBuilder("{\"a\":1,\"a\":2");
    for (int i = 0; i < 50_000; i++) {
      many.append(",\"k").append(i).append("\":1,\"k").append(i).append("\":2");
    }
    JsonBody body =
        assertTimeoutPreemptively(Duration.ofSeconds(15), () -> read(many.append('}').toString()));
    assertEquals(100, body.duplicates().size());
  }
}
