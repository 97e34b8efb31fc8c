package dev.berth.hardening.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// `docs/conformance.md`: every row with its state and the tests that show it.
///
/// @param because why a row or a whole feature does not hold, by its id or the id's first part
record ConformancePage(List<Row> rows, Claims claims, Map<String, String> because) {
  private static final String HEAD =
      """
      # Kubernetes' conformance, row by row

      The ROWS behaviours that Kubernetes' own conformance tests judge (v1.37), in own words. *passes*: the tests named here show every
      part of the row. *partly*: they show some of it. *no*: nothing shows it, and why not. The page is made from the tags of the
      tests (`conformance:ROW`, `conformance-part:ROW`) and the reports of their run; a tagged test that fails or is gone takes
      its row with it.

      """;
  private static final String UNKNOWN = "no test shows it yet";

  static ConformancePage of(Claims claims) throws IOException {
    Map<String, String> because = new LinkedHashMap<>();
    try (InputStream in = ConformancePage.class.getResourceAsStream("/conformance-because.txt")) {
      new String(Objects.requireNonNull(in, "the reasons").readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .map(line -> line.split("\\|", 2))
          .forEach(words -> because.put(words[0], words[1]));
    }
    return new ConformancePage(Row.all(), claims, because);
  }

  String text() {
    return HEAD.replace("ROWS", Integer.toString(rows.size()))
        + counts()
        + rows.stream().map(Row::area).distinct().map(this::chapter).collect(Collectors.joining());
  }

  private String counts() {
    StringBuilder text =
        new StringBuilder("| area | rows | pass | partly | no |\n|---|---|---|---|---|\n");
    rows.stream()
        .map(Row::area)
        .distinct()
        .forEach(area -> text.append(counts(area, rows.stream().filter(in(area)).toList())));
    return text.append(counts("**all**", rows)).toString();
  }

  private static java.util.function.Predicate<Row> in(String area) {
    return row -> row.area().equals(area);
  }

  private String counts(String title, List<Row> of) {
    long whole = of.stream().filter(row -> claims.whole().containsKey(row.id())).count();
    long part = of.stream().filter(this::isPart).count();
    return "| %s | %d | %d | %d | %d |\n"
        .formatted(title, of.size(), whole, part, of.size() - whole - part);
  }

  private boolean isPart(Row row) {
    return !claims.whole().containsKey(row.id()) && claims.part().containsKey(row.id());
  }

  private String chapter(String area) {
    return "\n## "
        + area
        + "\n\n| row | behaviour | state |\n|---|---|---|\n"
        + rows.stream().filter(in(area)).map(this::line).collect(Collectors.joining());
  }

  private String line(Row row) {
    return "| "
        + row.id()
        + " | "
        + row.feature()
        + ": "
        + row.behaviour()
        + " | "
        + state(row)
        + " |\n";
  }

  private String state(Row row) {
    List<Claims.Test> whole = claims.whole().getOrDefault(row.id(), List.of());
    List<Claims.Test> part = claims.part().getOrDefault(row.id(), List.of());
    if (!whole.isEmpty()) {
      return "*passes*: " + shown(whole);
    }
    return part.isEmpty() ? "no, because " + why(row) : "*partly*: " + shown(part);
  }

  private String why(Row row) {
    String feature = row.id().substring(0, row.id().indexOf('/'));
    return because.getOrDefault(row.id(), because.getOrDefault(feature, UNKNOWN));
  }

  private static String shown(List<Claims.Test> tests) {
    return tests.stream()
        .map(test -> "`" + test.shown() + "`")
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
