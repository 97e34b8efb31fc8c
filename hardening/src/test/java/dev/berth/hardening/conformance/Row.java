package dev.berth.hardening.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// One behaviour of the check list.
///
/// @param id as tests name it: `watch/2` is the second behaviour of the feature Watch
/// @param area of the project that judges it
record Row(String id, String area, String feature, String behaviour) {
  /// The check list: `area|feature|behaviour; behaviour; ...`, with `#` before a remark.
  static List<Row> all() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream in = Row.class.getResourceAsStream("/conformance.txt")) {
      String text =
          new String(
              Objects.requireNonNull(in, "the check list").readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(line -> !line.startsWith("#")).forEach(line -> rows.addAll(of(line)));
    }
    return rows;
  }

  private static List<Row> of(String line) {
    String[] words = line.split("\\|", 3);
    List<Row> rows = new ArrayList<>();
    for (String behaviour : words[2].split(";", -1)) {
      String id = slug(words[1]) + "/" + (rows.size() + 1);
      rows.add(new Row(id, words[0], words[1], behaviour.strip()));
    }
    return rows;
  }

  private static String slug(String feature) {
    return feature.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
