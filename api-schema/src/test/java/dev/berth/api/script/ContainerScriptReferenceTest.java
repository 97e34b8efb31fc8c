package dev.berth.api.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/reference/container-script.md` says what the parser does.
class ContainerScriptReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "container-script.md");
  private static final Pattern EXAMPLE = Pattern.compile("```dockerfile\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyInstructionIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (String word : InstructionParser.WORDS) {
      assertTrue(page.contains("`" + word + "`"), word);
    }
  }

  @Test
  void theExampleIsUnderstood() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    assertTrue(example.find());
    Script script = Script.parse("Dockerfile", example.group(1));
    assertEquals(
        List.of(0, 1, 2),
        script.needed(java.util.Optional.empty()).stream().map(Script.Stage::index).toList());
  }

  @Test
  void theMistakeIsShownAsOnThePage() throws IOException {
    String text = "FROM a\n".repeat(6) + "COPY --chwon=app . /srv\n";
    try {
      Script.parse("Dockerfile", text);
    } catch (ScriptException e) {
      assertTrue(Files.readString(PAGE).contains("```\n" + e.getMessage() + "\n```"));
    }
  }
}
