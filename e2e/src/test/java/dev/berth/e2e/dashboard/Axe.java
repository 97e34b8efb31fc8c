package dev.berth.e2e.dashboard;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// axe-core's rules for pages that everybody can use, by the file that `-Dberth.axe` names.
final class Axe {
  private static final String RUN =
      """
      () => axe.run(document, { resultTypes: ["violations"] }).then((found) =>
        found.violations
          .filter((one) => one.impact === "serious" || one.impact === "critical")
          .map((one) => one.id + " " + one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")))
      """;

  private final Optional<String> script;

  private Axe(Optional<String> script) {
    this.script = script;
  }

  static Axe load() throws IOException {
    String file = System.getProperty("berth.axe", "");
    if (file.isEmpty()) {
      System.err.println(
          "SKIPPED: accessibility is not looked at: name axe.min.js with -Dberth.axe");
      return new Axe(Optional.empty());
    }
    return new Axe(Optional.of(Files.readString(Path.of(file))));
  }

  /// What a screen reader, a keyboard or weak eyes would stumble over: serious and critical only.
  List<String> complaints(Page page) {
    if (script.isEmpty()) {
      return List.of();
    }
    // Through the debugger, which the page's policy does not bind.
    page.evaluate(script.get());
    return ((List<?>) page.evaluate(RUN)).stream().map(one -> "axe: " + one).toList();
  }
}
