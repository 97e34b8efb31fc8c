package dev.berth.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.term.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedTest {
  @Test
  void aMistakeInASelectorIsNotAFaultOfOurs() {
    Failure failure = assertThrows(Failure.class, () -> Parsed.selector("a in (b"));

    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("the selector \"a in (b\" cannot be read"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "a/b", "../x", "a%2f"})
  void whatCannotBeAPartOfAPathIsNoName(String name) {
    assertThrows(Failure.class, () -> Parsed.name(name));
    assertThrows(Failure.class, () -> Types.wanted(List.of("pod", name)));
  }

  @Test
  void namesOfNodesAndBuildsPass() {
    assertEquals("node-1.example.com", Parsed.name("node-1.example.com"));
  }
}
