package dev.berth.e2e.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Commands down, versions across: as a run found it, and as the page has it.
///
/// @param cells by command, then by version: `passes`, `-` where the version lacks the command, or
///   what stood in the way
record Matrix(Map<String, Map<String, String>> cells) {
  static final String PASSES = "passes";
  private static final String LACKS = "-";

  static Matrix of(List<Session> sessions) {
    Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    for (Session session : sessions) {
      session
          .verdicts()
          .forEach(
              (command, verdict) ->
                  cells
                      .computeIfAbsent(command, _ -> new LinkedHashMap<>())
                      .put(session.client().version(), cell(verdict)));
    }
    return new Matrix(cells);
  }

  private static String cell(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passes _ -> PASSES;
      case Verdict.Lacks _ -> LACKS;
      case Verdict.No no -> no.because();
    };
  }

  private List<String> versions() {
    return cells.values().stream().flatMap(row -> row.keySet().stream()).distinct().toList();
  }

  /// What passed there and does not here, a line each.
  List<String> lostSince(Matrix page) {
    List<String> lost = new ArrayList<>();
    cells.forEach(
        (command, row) ->
            row.forEach(
                (version, cell) -> {
                  if (page.passes(command, version) && !cell.equals(PASSES)) {
                    lost.add(command + " with " + version + ": " + cell);
                  }
                }));
    return lost;
  }

  /// What passes here and did not there.
  List<String> gainedSince(Matrix page) {
    return new Matrix(page.cells)
        .lostSince(this).stream().map(line -> line.substring(0, line.indexOf(": "))).toList();
  }

  private boolean passes(String command, String version) {
    return PASSES.equals(cells.getOrDefault(command, Map.of()).get(version));
  }

  /// A table with a number for each reason, and the reasons below it.
  String table(String program) {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    List<String> versions = versions();
    StringBuilder text = new StringBuilder("| " + program + " | ");
    text.append(String.join(" | ", versions)).append(" |\n|---|");
    text.append("---|".repeat(versions.size())).append('\n');
    cells.forEach(
        (command, row) -> {
          text.append("| ").append(command);
          for (String version : versions) {
            text.append(" | ").append(mark(row.getOrDefault(version, LACKS), command, reasons));
          }
          text.append(" |\n");
        });
    text.append('\n');
    reasons.forEach((reason, number) -> text.append(number + ". " + reason + "\n"));
    return text.append('\n').append(counts(versions)).toString();
  }

  private static String mark(String cell, String command, Map<String, Integer> reasons) {
    if (cell.equals(PASSES) || cell.equals(LACKS)) {
      return cell;
    }
    String reason = "`" + command + "`: " + cell;
    return "no (" + reasons.computeIfAbsent(reason, _ -> reasons.size() + 1) + ")";
  }

  private String counts(List<String> versions) {
    Map<String, String> counts = new TreeMap<>();
    for (String version : versions) {
      long has = cells.values().stream().filter(r -> !LACKS.equals(r.get(version))).count();
      long passes = cells.keySet().stream().filter(c -> passes(c, version)).count();
      counts.put(version, version + ": " + passes + " of " + has);
    }
    return "Pass: " + String.join(", ", versions.stream().map(counts::get).toList()) + ".\n";
  }

  /// The table of that program in a page, its reasons as numbers.
  static Matrix read(Path page, String program) throws IOException {
    Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    if (!Files.exists(page)) {
      return new Matrix(cells);
    }
    List<String> versions = List.of();
    for (String line : Files.readAllLines(page)) {
      List<String> words = List.of(line.split(" *\\| *", -1));
      if (line.startsWith("| " + program + " |")) {
        versions = words.subList(2, words.size() - 1);
      } else if (!line.startsWith("|")) {
        versions = List.of();
      } else if (!versions.isEmpty() && words.size() == versions.size() + 3) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < versions.size(); i++) {
          row.put(versions.get(i), words.get(i + 2));
        }
        cells.put(words.get(1), row);
      }
    }
    return new Matrix(cells);
  }
}
