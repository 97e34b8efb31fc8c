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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// In the last module of the build: the tests of all others have run by then.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformancePageTest {
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
    String page = Files.exists(PAGE) ? Files.readString(PAGE) : "";
    Set<String> written =
        page.lines()
            .filter(line -> line.contains("| *passes*: "))
            .map(line -> line.split(" *\\| *", -1)[1])
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> lost = new LinkedHashSet<>(written);
    lost.removeAll(claims.whole().keySet());
    assertEquals(Set.of(), lost);
    passing.removeAll(written);
    passing.forEach(row -> System.err.println("NOT YET ON THE PAGE: " + row));
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
