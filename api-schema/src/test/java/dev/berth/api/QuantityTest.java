package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest(name = "{0} is {1} ({2} milli)")
  @CsvSource({
    "0, 0, 0",
    "1, 1, 1000",
    "100m, 100m, 100",
    "0.1, 100m, 100",
    "1.5, 1500m, 1500",
    "1000m, 1, 1000",
    "1000, 1k, 1000000",
    "128Mi, 128Mi, 134217728000",
    "1.5Gi, 1536Mi, 1610612736000",
    "1024Ki, 1Mi, 1048576000",
    "0.5Ki, 512, 512000",
    "1e3, 1e3, 1000000",
    "1E3, 1e3, 1000000",
    "1k, 1k, 1000000",
    "1E, 1E, 9223372036854775807",
    "-5, -5, -5000",
    "+5, 5, 5000",
    ".5, 500m, 500",
    "5., 5, 5000",
    "1n, 1n, 1",
    "0.1n, 1n, 1",
    "1u, 1u, 1",
    "12345678901234567890, 9223372036854775807, 9223372036854775807",
    "1e999999, 9223372036854775807, 9223372036854775807",
    "1e-999999, 1e-9, 1",
    "100Ei, 9223372036854775807, 9223372036854775807"
  })
  void readsAndWritesCanonically(String text, String canonical, long milli) {
    Quantity quantity = Quantity.parse(text);
    assertEquals(milli, quantity.milli());
    assertEquals(canonical, quantity.toString().replace("e0", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1x",
        "1 Mi",
        "1mi",
        "1KI",
        "--1",
        "1e",
        "e3",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        ".",
        "1..2",
        "1Mi2"
      })
  void refusesWhatIsNoQuantity(String text) {
    assertTrue(Quantity.tryParse(text).isEmpty(), text);
  }

  @Test
  void hugeExponentsAndTextsCostNothing() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> {
          Quantity.tryParse("1e999999999");
          Quantity.tryParse("9".repeat(1_000_000));
          Quantity.tryParse("1e-999999999");
        });
  }

  @Test
  void textAndBackIsTheSameAmount() {
    Random random = new Random(7);
    String[] suffixes = {"", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3"};
    for (int i = 0; i < 2000; i++) {
      String text = random.nextInt(100_000) + suffixes[random.nextInt(suffixes.length)];
      Quantity quantity = Quantity.parse(text);
      assertEquals(quantity, Quantity.parse(quantity.toString()), "seed 7, " + text);
      assertEquals(0, quantity.compareTo(Quantity.parse(quantity.toString())));
    }
  }

  @Test
  void wholeUnitsAreRoundedUp() {
    assertEquals(1, Quantity.parse("100m").value());
    assertEquals(134217728L, Quantity.parse("128Mi").value());
  }
}
