package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.cli.term.Terminal;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ApplyVerbTest {
  @ParameterizedTest
  @CsvSource({"'',true", "--wait,true", "--no-wait,false"})
  void itWaitsUnlessToldNotTo(String option, boolean waits) {
    ApplyVerb verb =
        new ApplyVerb(
            Terminal.of(
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                Map.of(),
                new Properties()));
    List<String> words = new ArrayList<>(List.of("-f", "x.yaml"));
    if (!option.isEmpty()) {
      words.add(option);
    }
    new CommandLine(verb).parseArgs(words.toArray(String[]::new));

    assertEquals(waits, verb.patience.waits());
  }
}
