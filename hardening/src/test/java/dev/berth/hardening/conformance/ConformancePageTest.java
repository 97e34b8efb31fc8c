package dev.berth.hardening.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// In the last module of the build: the tests of all others have run by then.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformancePageTest {
  private static final Pattern SHOWN = Pattern.compile("`([^`]+)`");
  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/conformance.md");
  private static final List<String> MODULES =
      List.of("api-schema", "controller", "agent", "cli", "e2e");
  private static final int ROWS = 449;

  private Claims claims;

  @BeforeAll
  void readTheTests() throws IOException {
    claims = Claims.of(ROOT, MODULES);
  }

  @Test
  void theListHasEveryRowOnce() throws IOException {
    List<String> ids = Row.all().stream().map(Row::id).toList();
    assertEquals(ROWS, ids.size());
    assertEquals(ROWS, Set.copyOf(ids).size());
  }

  @Test
  void everyTagNamesARow() throws IOException {
    Set<String> ids = Row.all().stream().map(Row::id).collect(Collectors.toSet());
    Set<String> named = new LinkedHashSet<>(claims.whole().keySet());
    named.addAll(claims.part().keySet());
    named.removeAll(ids);
    assertEquals(Set.of(), named);
  }

  @Test
  void everyReasonIsOfARowOrAFeature() throws IOException {
    Set<String> known =
        Row.all().stream()
            .flatMap(row -> Stream.of(row.id(), row.id().replaceAll("/.*", "")))
            .collect(Collectors.toSet());
    Set<String> named = new LinkedHashSet<>(ConformancePage.of(claims).because().keySet());
    named.removeAll(known);
    assertEquals(Set.of(), named);
  }

  /// What is not there was not run in this build: whoever runs one class alone need not run all.
  @Test
  void noTaggedTestFailed() throws IOException {
    assertEquals(List.of(), ended(Reports.Outcome.FAILED));
    ended(Reports.Outcome.SKIPPED)
        .forEach(test -> System.err.println("SKIPPED, though its row needs it: " + test));
  }

  private List<String> ended(Reports.Outcome outcome) throws IOException {
    Reports reports = new Reports(ROOT);
    List<String> found = new ArrayList<>();
    for (var tests :
        Stream.concat(claims.whole().values().stream(), claims.part().values().stream()).toList()) {
      for (Claims.Test test : tests) {
        if (reports.of(test) == outcome) {
          found.add(test.shown());
        }
      }
    }
    return found.stream().distinct().toList();
  }

  /// With `-Dgolden=write` the page is made anew from the reports. Otherwise: what it says passes
  /// has to have a test that did not fail, and what passes beyond it is printed.
  @Test
  void noRowOfThePageIsLost() throws IOException {
    Set<String> passing = passing();
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(PAGE, ConformancePage.of(claims.onlyThose(this::passed)).text());
    }
    List<String[]> page =
        Files.readAllLines(PAGE).stream().map(line -> line.split(" *\\| *", -1)).toList();
    Set<String> written = rows(page, "*passes*: ");
    assertEquals(Set.of(), without(written, claims.whole().keySet()));
    Set<String> shown = new LinkedHashSet<>(claims.whole().keySet());
    shown.addAll(claims.part().keySet());
    assertEquals(Set.of(), without(rows(page, "*partly*: "), shown));
    assertEquals(List.of(), namedInVain(page));
    passing.removeAll(written);
    passing.forEach(row -> System.err.println("NOT YET ON THE PAGE: " + row));
  }

  private static Set<String> without(Set<String> rows, Set<String> shown) {
    Set<String> lost = new LinkedHashSet<>(rows);
    lost.removeAll(shown);
    return lost;
  }

  private static Set<String> rows(List<String[]> page, String state) {
    return page.stream()
        .filter(cells -> cells.length > 3 && cells[3].startsWith(state))
        .map(cells -> cells[1])
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// Tests that the page names and that show nothing, or not that row.
  private List<String> namedInVain(List<String[]> page) {
    List<String> vain = new ArrayList<>();
    for (String[] cells : page) {
      if (cells.length > 3 && cells[3].matches("[*](passes|partly)[*]: .*")) {
        Set<String> showing = showing(cells[1]);
        SHOWN
            .matcher(cells[3])
            .results()
            .map(found -> found.group(1))
            .filter(name -> !showing.contains(name))
            .forEach(name -> vain.add(cells[1] + ": " + name));
      }
    }
    return vain;
  }

  private Set<String> showing(String row) {
    return Stream.of(claims.whole(), claims.part())
        .flatMap(tests -> tests.getOrDefault(row, List.of()).stream())
        .map(Claims.Test::shown)
        .collect(Collectors.toSet());
  }

  private Set<String> passing() {
    return new LinkedHashSet<>(claims.onlyThose(this::passed).whole().keySet());
  }

  private boolean passed(Claims.Test test) {
    try {
      return new Reports(ROOT).of(test) == Reports.Outcome.PASSED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
