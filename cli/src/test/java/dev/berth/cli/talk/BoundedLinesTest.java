package dev.berth.cli.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedLinesTest {
  private static List<String> lines(String text) throws IOException {
    List<String> all = new ArrayList<>();
    BoundedLines lines = new BoundedLines(new StringReader(text));
    for (String line = lines.next(); line != null; line = lines.next()) {
      all.add(line);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a\n", "\n", "\n\n", "a\r\nb", "1%\r2%\r\n\r\n", "a\n\rb\r", "é\n𝄞"})
  void theyAreThoseOfTheLibrary(String text) throws IOException {
    assertEquals(new BufferedReader(new StringReader(text)).lines().toList(), lines(text));
  }

  @Test
  void aLineThatIsTooLongIsCutAndTheNextIsWhole() throws IOException {
    String most = "x".repeat(BoundedLines.LONGEST);
    assertEquals(
        List.of(most, most + BoundedLines.CUT, "b"), lines(most + "\n" + most + most + "y\nb"));
  }
}
