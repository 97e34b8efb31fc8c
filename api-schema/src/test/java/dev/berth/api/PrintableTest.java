package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatATerminalWouldObeyIsMadeVisible() {
    assertEquals("\\x1b[2Jgone\\x07", Printable.line("\u001b[2Jgone\u0007"));
  }

  @Test
  void c1ControlsAndReversedTextToo() {
    assertEquals("\\x9b31m \\u202etxt.exe", Printable.line("\u009b31m \u202etxt.exe"));
  }

  @Test
  void lineFeedsStayInTextOnly() {
    assertEquals("a\\nb\\r", Printable.line("a\nb\r"));
    assertEquals("a\n\tb", Printable.text("a\n\tb"));
  }

  @Test
  void otherLanguagesAreLeftAlone() {
    assertEquals("Größe 数字 ✓", Printable.line("Größe 数字 ✓"));
  }
}
