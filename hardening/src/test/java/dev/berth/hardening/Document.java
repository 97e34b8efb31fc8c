package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A generated table in the documentation, between two comments. With `-Dgolden=write` it is
/// written; otherwise it has to say the same: the first four columns, because what a control shows
/// depends on the kernel.
record Document(Path file, String name) {
  static Document isolation() {
    return new Document(Path.of("../docs/security.md"), "isolation");
  }

  void replace(List<String> rows) throws IOException {
    String text = Files.readString(file);
    String begin = "<!-- generated: " + name + " -->\n";
    String end = "<!-- end: " + name + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    String head =
        text.substring(from, to).lines().limit(2).collect(Collectors.joining("\n", "", "\n"));
    String body = rows.stream().collect(Collectors.joining("\n", "", "\n"));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, text.substring(0, from) + head + body + text.substring(to));
    } else {
      assertEquals(
          rows.stream().map(Document::outcome).toList(),
          text.substring(from, to).lines().skip(2).map(Document::outcome).toList(),
          file + " is not what was found; write it with -Dgolden=write");
    }
  }

  private static List<String> outcome(String row) {
    return List.of(row.split(" [|] ", -1)).subList(0, 4).stream()
        .map(cell -> cell.startsWith("denied") ? "denied" : cell)
        .toList();
  }
}
