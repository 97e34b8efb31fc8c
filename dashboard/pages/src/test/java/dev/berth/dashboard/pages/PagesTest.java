package dev.berth.dashboard.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final Path WEB = Path.of("src/main/resources/dev/berth/dashboard/web");
  private static final int LONGEST_FILE = 300;
  private static final Pattern IMPORT =
      Pattern.compile("(?:^import |^export .*? from |^} from | from |import\\()\"([^\"]+)\"");
  private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\": \"(\\./webjars/[^\"]+)\"");

  /// What would turn text of the cluster into markup, code or an inline style. The last is what the
  /// content security policy refuses: lit's styleMap begins with an attribute.
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|unsafeHTML|unsafeSVG|unsafeStatic"
              + "|\\beval\\(|new Function|styleMap|[\\s\"]style=|\\son[a-z]+=|javascript:|https?://(?!git\\.example)");

  @Test
  void everyImportLeadsToAFile() throws IOException {
    Map<String, String> map = importMap();
    for (Path file : scripts()) {
      List<String> named =
          IMPORT.matcher(read(file)).results().map(result -> result.group(1)).toList();
      for (String name : named) {
        assertTrue(leadsSomewhere(file, name, map), file + " imports " + name);
      }
    }
  }

  @Test
  void everyEntryOfTheImportMapIsInAJar() throws IOException {
    importMap()
        .values()
        .forEach(target -> assertTrue(target.endsWith("/") || isInAJar(target), target));
    assertTrue(isInAJar("./webjars/uplot/1.6.30/dist/uPlot.min.css"), "the chart's sheet");
  }

  @Test
  void noScriptTurnsTextIntoMarkupOrCode() throws IOException {
    for (Path file : scripts()) {
      List<String> found =
          FORBIDDEN.matcher(withoutComments(read(file))).results().map(MatchResult::group).toList();
      assertEquals(List.of(), found, file.toString());
    }
  }

  @Test
  void thePageHasNoInlineCodeButItsImportMap() throws IOException {
    String index = read(WEB.resolve("index.html"));
    List<String> scripts =
        Pattern.compile("<script[^>]*>").matcher(index).results().map(MatchResult::group).toList();
    assertEquals(
        List.of("<script type=\"importmap\">", "<script type=\"module\" src=\"./js/main.js\">"),
        scripts);
    assertTrue(!Pattern.compile("<style|\\sstyle=|\\son[a-z]+=").matcher(index).find(), index);
  }

  @Test
  void everyIconThatIsNamedIsDrawn() throws IOException {
    String icons = read(WEB.resolve("js/ui/icons.js"));
    Pattern named = Pattern.compile("\\bicon(?:\\(|: )\"([a-z]+)\"");
    for (Path file : scripts()) {
      for (MatchResult result : named.matcher(read(file)).results().toList()) {
        assertTrue(
            icons.contains("  " + result.group(1) + ": svg`"), file + ": " + result.group(1));
      }
    }
  }

  @Test
  void filesStaySmall() throws IOException {
    for (Path file : scripts()) {
      assertTrue(read(file).lines().count() < LONGEST_FILE, file.toString());
    }
  }

  @Test
  void vendoredFilesAreThoseOfTheLock() throws Exception {
    Map<String, String> locked = new TreeMap<>();
    for (String line : Files.readAllLines(WEB.resolve("vendor/vendor.lock"))) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(" \\| ", -1);
        locked.put(parts[0], parts[1]);
      }
    }
    Map<String, String> found = new TreeMap<>();
    for (Path file : files("vendor")) {
      if (!file.endsWith("vendor.lock")) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        found.put(
            WEB.resolve("vendor").relativize(file).toString(), HexFormat.of().formatHex(digest));
      }
    }
    assertEquals(locked, found);
  }

  private static boolean leadsSomewhere(Path from, String name, Map<String, String> map) {
    if (name.startsWith(".")) {
      return Files.isRegularFile(from.resolveSibling(name).normalize());
    }
    if (map.containsKey(name)) {
      return true;
    }
    return map.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/") && name.startsWith(entry.getKey()))
        .anyMatch(entry -> isInAJar(entry.getValue() + name.substring(entry.getKey().length())));
  }

  private static boolean isInAJar(String target) {
    String path = URI.create(target).normalize().getPath();
    return PagesTest.class.getClassLoader().getResource("META-INF/resources/" + path) != null;
  }

  private static Map<String, String> importMap() throws IOException {
    Map<String, String> map = new TreeMap<>();
    MAPPED
        .matcher(read(WEB.resolve("index.html")))
        .results()
        .forEach(result -> map.put(result.group(1), result.group(2)));
    assertTrue(map.size() > 5, map.toString());
    return map;
  }

  private static List<Path> scripts() throws IOException {
    return files("js");
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> all = Files.walk(WEB.resolve(folder))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String withoutComments(String script) {
    return script.replaceAll("(?s)/\\*\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
