package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every relative link and image of README.md and the documents leads to a file.
class DocumentLinksTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\n]*`");
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\(<?([^)\\s>]+)[^)]*\\)|^\\[[^]]+\\]:\\s*(\\S+)|(?:src|href)=\"([^\"]+)\"",
          Pattern.MULTILINE);
  private static final Pattern ELSEWHERE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*|#.*|//.*");

  @Test
  void relativeLinksLeadToFiles() throws IOException {
    List<Path> pages = pages();
    assertFalse(pages.isEmpty());
    assertEquals(List.of(), pages.stream().flatMap(DocumentLinksTest::broken).toList());
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(page -> page.toString().endsWith(".md"))
          .toList();
    }
  }

  private static Stream<String> broken(Path page) {
    return targets(read(page))
        .filter(target -> !ELSEWHERE.matcher(target).matches())
        .filter(target -> !Files.exists(page.resolveSibling(target.replaceFirst("#.*", ""))))
        .map(target -> ROOT.relativize(page) + ": " + target);
  }

  private static Stream<String> targets(String text) {
    return LINK.matcher(CODE.matcher(text).replaceAll(""))
        .results()
        .map(
            found ->
                Stream.of(1, 2, 3)
                    .filter(group -> found.group(group) != null)
                    .map(found::group)
                    .findFirst()
                    .orElseThrow());
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void codeAndOtherSitesAreNoLinks() {
    assertEquals(
        List.of("a.md#b", "images/x.png", "c.md", "d.md"),
        targets(
                "[a](a.md#b) ![x](images/x.png \"title\") `[no](no.md)`\n\n[c]: c.md\n```\n[no](no.md)\n```\n<a href=\"d.md\">d</a>")
            .toList());
    assertFalse(ELSEWHERE.matcher("../README.md").matches());
    Stream.of("https://a.test/", "mailto:a@b.test", "#here")
        .forEach(target -> assertTrue(ELSEWHERE.matcher(target).matches()));
  }
}
