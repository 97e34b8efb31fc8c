package dev.berth.hardening.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the run of a test came to, from the reports that Surefire has written.
final class Reports {
  /// How a run ended.
  enum Outcome {
    PASSED,
    FAILED,
    SKIPPED,
    /// There is no report of it.
    NOT_RUN
  }

  private final Path root;

  /// @param root of the build, with a directory for each module
  Reports(Path root) {
    this.root = root;
  }

  Outcome of(Claims.Test test) throws IOException {
    Path report =
        root.resolve(test.module())
            .resolve("target/surefire-reports/TEST-" + test.className() + ".xml");
    if (!Files.exists(report)) {
      return Outcome.NOT_RUN;
    }
    List<Element> cases = cases(report, test.method());
    if (cases.isEmpty()) {
      return Outcome.NOT_RUN;
    }
    if (cases.stream().anyMatch(c -> has(c, "failure") || has(c, "error"))) {
      return Outcome.FAILED;
    }
    return cases.stream().anyMatch(c -> has(c, "skipped")) ? Outcome.SKIPPED : Outcome.PASSED;
  }

  /// A test with parameters has a case for each: `name{int}[1]`.
  private static List<Element> cases(Path report, String method) throws IOException {
    List<Element> found = new ArrayList<>();
    NodeList all = parsed(report).getElementsByTagName("testcase");
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element one
          && one.getAttribute("name").split("[^A-Za-z0-9_]", 2)[0].equals(method)) {
        found.add(one);
      }
    }
    return found;
  }

  private static Element parsed(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("not a report: " + report, e);
    }
  }

  private static boolean has(Element one, String child) {
    return one.getElementsByTagName(child).getLength() > 0;
  }
}
