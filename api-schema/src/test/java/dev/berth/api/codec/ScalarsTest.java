package dev.berth.api.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The golden table of scalars: what is written, what kubectl sends.
class ScalarsTest {

  static Stream<String[]> table() {
    return """
        yes | true
        no | false
        on | true
        off | false
        y | true
        n | false
        Yes | true
        NO | false
        tRue | "tRue"
        true | true
        ~ | null
        null | null
        Null | null
        nUll | "nUll"
        0 | 0
        -0 | 0
        010 | 8
        08 | 8
        0o17 | 15
        0x1F | 31
        0b101 | 5
        -0b101 | -5
        1_000 | 1000
        +5 | 5
        12e03 | 12000
        1e3 | 1000
        1.0 | 1
        1. | 1
        .5 | 0.5
        1.5 | 1.5
        685_230.15 | 685230.15
        1e999999 | "1e999999"
        9223372036854775807 | 9223372036854775807
        18446744073709551615 | 18446744073709551615
        2001-12-14 | "2001-12-14"
        2001-12-14t21:59:43.10-05:00 | "2001-12-14t21:59:43.10-05:00"
        1:30 | "1:30"
        1.2.3 | "1.2.3"
        100m | "100m"
        0x | "0x"
        _1 | "_1"
        - | "-"
        = | "="
        << | "<<"
        1Gi | "1Gi"
        """
        .lines()
        .map(line -> line.split(" \\| ", 2));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("table")
  void plainScalarReadsAsKubectlReadsIt(String written, String json) {
    assertEquals(json, Json.string(Scalars.plain(written)));
  }

  @Test
  void quotesMakeText() {
    String yaml = "a: \"yes\"\nb: '010'\nc: |\n  on\nd: !!str 5\n";
    assertEquals(
        "{\"a\":\"yes\",\"b\":\"010\",\"c\":\"on\\n\",\"d\":\"5\"}",
        Json.string(ManifestsTest.one(yaml).tree()));
  }

  @Test
  void keysAreText() {
    assertEquals(
        "{\"8080\":1,\"true\":2,\"16\":3}",
        Json.string(ManifestsTest.one("8080: 1\nyes: 2\n0x10: 3\n").tree()));
  }
}
