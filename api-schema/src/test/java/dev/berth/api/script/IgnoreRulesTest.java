package dev.berth.api.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "node_modules;node_modules/a/b.js;true",
        "node_modules;src/node_modules/a.js;false",
        "**/node_modules;src/node_modules/a.js;true",
        "*.md;README.md;true",
        "*.md;docs/README.md;false",
        "**/*.md;docs/README.md;true",
        "**/*.md;README.md;true",
        "/build;build/x;true",
        "./build/;build;true",
        "a?c;abc;true",
        "a?c;a/c;false",
        "[a-c]x;bx;true",
        "[^a-c]x;bx;false",
        "[!a-c]x;dx;true",
        "docs/**;docs/a/b;true",
        "docs/**;docs;false",
        "a.b;axb;false",
        "# a comment;# a comment;false",
        "*|!keep.txt;keep.txt;false",
        "*|!keep.txt;other.txt;true",
        "*|!src/keep;src/keep/deep.txt;false",
        "!keep.txt|*;keep.txt;true",
        "\\#odd;#odd;true",
        "..;x;false",
        "\\[z-a];[z-a];true",
        "[a;[a;true",
        "[]a];];true",
      })
  void lastMatchDecides(String rules, String path, boolean ignored) throws IOException {
    assertEquals(
        ignored, IgnoreRules.parse(".dockerignore", rules.replace('|', '\n')).ignores(path));
  }

  /// Whoever pushes a pattern to a repository cannot stop the machine that reads it.
  @Test
  void aPatternThatBacktracksWithoutEndIsAnsweredAtOnce() throws IOException {
    String pattern = "*a".repeat(40) + "*b";

    assertFalse(IgnoreRules.parse(".dockerignore", pattern).ignores("a".repeat(2000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[z-a]", "[!]", "!src/[9-0].txt"})
  void aLineThatIsNoPatternIsNamedWithTheFix(String line) {
    String said =
        String.valueOf(
            assertThrows(
                    IOException.class,
                    () -> IgnoreRules.parse(".dockerignore", "*.md\n# bad\n" + line))
                .getMessage());
    assertTrue(said.startsWith(".dockerignore:3 (" + line + ") is no pattern: "), said);
    assertTrue(said.endsWith("; write \\[ where a bracket is meant"), said);
  }
}
